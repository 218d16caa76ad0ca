// Until when the certificate of a signature is valid: the one thing that the page reads in a CMS (RFC 5652), and only
// out of a signature that the person has just made. Whether it holds, Tanba says.

/** One DER element (X.690 §8.1): its tag, and where it begins, where its content begins, and where it ends. */
function element(octets, begin, limit) {
  let length = octets[begin + 1];
  let from = begin + 2;
  if (!(length < 0x85) || length === 0x80) throw new RangeError("DER");
  if (length > 0x80) {
    const end = from + length - 0x80;
    for (length = 0; from < end; from += 1) length = length * 256 + octets[from];
  }
  const to = from + length;
  if (!(to <= limit)) throw new RangeError("DER");
  return { tag: octets[begin], begin, from, to };
}

function inside(octets, { from, to }) {
  const elements = [];
  for (let begin = from; begin < to; begin = elements[elements.length - 1].to) {
    elements.push(element(octets, begin, to));
  }
  return elements;
}

function isSame(octets, one, other) {
  const [a, b] = [octets.subarray(one.begin, one.to), octets.subarray(other.begin, other.to)];
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}

/** UTCTime and GeneralizedTime as RFC 5280 §4.1.2.5 has them. */
function time(octets, { tag, from, to }) {
  const text = String.fromCharCode(...octets.subarray(from, to));
  const [, year, month, date, hour, minute, second] = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const century = tag === 0x17 ? (Number(year) < 50 ? 2000 : 1900) : 0;
  return new Date(Date.UTC(century + Number(year), month - 1, date, hour, minute, second));
}

/** When the signer's certificate ends; `undefined` when that cannot be read. */
function validUntil(octets) {
  try {
    const [, content] = inside(octets, element(octets, 0, octets.length));
    const [signedData] = inside(octets, content);
    const fields = inside(octets, signedData);
    const [signer] = inside(octets, fields[fields.length - 1]);
    const [, identifier] = inside(octets, signer);
    const [issuer, serial] = inside(octets, identifier);
    for (const certificate of inside(octets, fields.find(({ tag }) => tag === 0xa0))) {
      const [tbs] = inside(octets, certificate);
      const parts = inside(octets, tbs).filter(({ tag }) => tag !== 0xa0);
      if (isSame(octets, parts[0], serial) && isSame(octets, parts[2], issuer)) {
        return time(octets, inside(octets, parts[3])[1]);
      }
    }
  } catch {
    // Not what a CMS of Tanba looks like.
  }
  return undefined;
}
