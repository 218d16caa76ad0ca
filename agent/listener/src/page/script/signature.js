// The test signature: over the page's own socket, like any site's, so that the person sees the window that they always
// see. What was signed is then given to Tanba once more to be verified, as a stranger's file would be.

const BASICS = "kz.gov.pki.knca.basics";
const APPLET = "kz.gov.pki.knca.applet.Applet";
/** Tanba answers at once, unless a window of another site is open. */
const VERIFYING = 60_000;
const SOON_ENDED = 30;
const DAY = 24 * 60 * 60 * 1000;

const base64 = (octets) => btoa(String.fromCharCode(...octets));
const octetsOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** What is signed. */
function sample() {
  const text = at("sample").cloneNode(true);
  fill(text, { time: moment(new Date()) });
  return `${text.textContent}\n`;
}

/** Whether Tanba finds every signature good over this text; fails when it does not say. */
async function holds(wire, cms, text) {
  const question = { module: APPLET, method: "verifyCMSSignature", args: [cms, text] };
  const { result, errorCode } = JSON.parse(await wire.ask(question, VERIFYING));
  if (typeof result !== "boolean") throw new Error(errorCode);
  return result;
}

/** A verifier that finds everything good proves nothing, so it is asked about a changed text too. */
async function verify(wire, cms, text) {
  settle("sign", "verifying");
  try {
    const isGood = await holds(wire, cms, text) && !(await holds(wire, cms, `${text}.`));
    settle("sign", isGood ? "good" : "bad");
  } catch {
    settle("sign", "unverified");
  }
}

function tellKey(octets) {
  const until = validUntil(octets);
  if (!until) {
    settle("keys", "unread");
    return;
  }
  const days = Math.floor((until - Date.now()) / DAY);
  const values = { date: day(until), days };
  if (days > SOON_ENDED) settle("keys", "ready", values);
  else settle("keys", "ending", values);
}

function offer(link, octets, type) {
  if (link.href) URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([octets], { type }));
}

async function signOver(wire) {
  const text = sample();
  const octets = new TextEncoder().encode(text);
  const answer = JSON.parse(await wire.ask({
    module: BASICS,
    method: "sign",
    args: {
      allowedStorages: null,
      format: "cms",
      data: base64(octets),
      signingParams: { decode: true, encapsulate: true },
      signerParams: { extKeyUsageOids: [], chain: null },
      locale: page.lang,
    },
  }));
  if (answer.status !== true) {
    // A code is a word; whatever else it is, it is not shown.
    settle("sign", "failed", { code: /^[A-Z_]{1,40}$/.test(answer.code) ? answer.code : "?" });
    return;
  }
  const pem = answer.body.result?.[0];
  if (pem === undefined) {
    settle("sign", "cancelled", { origin: location.origin });
    return;
  }
  const cms = pem.replace(/-----[A-Z ]+-----|\s/g, "");
  const signature = octetsOf(cms);
  tellKey(signature);
  await verify(wire, cms, text);
  offer(at("file-text"), octets, "text/plain");
  offer(at("file-signature"), signature, "application/cms");
  at("files").hidden = false;
}

/** While one goes on the button keeps the focus, for who came to it by the keyboard, and does nothing. */
async function sign() {
  const button = at("test");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  at("files").hidden = true;
  let wire;
  try {
    wire = await Wire.open(scheme);
    settle("sign", "open");
    await signOver(wire);
  } catch {
    settle("sign", "lost");
  }
  wire?.close();
  conclude();
  button.removeAttribute("aria-disabled");
}
