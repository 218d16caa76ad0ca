// What can be told of Tanba over its own socket, and of the computer's clock.

const COMMON_UTILS = "kz.gov.pki.knca.commonUtils";

/** The socket's scheme that works here, once it is known. */
let scheme = "wss";

async function answers(one) {
  let wire;
  try {
    wire = await Wire.open(one);
    // The greeting alone could be anybody's.
    if (await wire.ask("--heartbeat--", PATIENCE) !== "--heartbeat--") throw new Error("no heartbeat");
    return wire;
  } catch {
    wire?.close();
    return undefined;
  }
}

/**
 * Sites use wss. From this page, if it came without TLS, ws tells a certificate that is not trusted from silence.
 */
async function checkLink() {
  let wire = await answers("wss");
  const isSecure = wire !== undefined;
  if (!isSecure && location.protocol === "http:") {
    wire = await answers("ws");
    if (wire) scheme = "ws";
  }
  if (!wire) {
    settle("socket", "silent");
    settle("tls", "unknown");
    settle("tokens", "unknown");
    return;
  }
  settle("socket", "answers");
  settle("tls", isSecure ? "trusted" : "untrusted");
  await checkTokens(wire);
  wire.close();
}

/** NCALayer's names of the kinds; nobody's label or number is in them. */
async function checkTokens(wire) {
  try {
    const answer = JSON.parse(await wire.ask({ module: COMMON_UTILS, method: "getActiveTokens" }, PATIENCE));
    const kinds = answer.responseObject.map((kind) => kind.replace(/^AK(?:KZ)?|Store$/g, ""));
    if (kinds.length > 0) settle("tokens", "seen", { tokens: kinds.join(", ") });
    else settle("tokens", "none");
  } catch {
    settle("tokens", "unknown");
  }
}

/** The extension says so itself, with a mark that only it can set: no other script runs here. */
function checkExtension() {
  const version = page.dataset.tanbaExtension;
  if (version === undefined) settle("extension", "absent");
  else settle("extension", "there", { version });
}

/** Kazakhstan has one time since 1 March 2024. Systems that have not heard of it are an hour ahead. */
const KAZAKH_ZONES = /^Asia\/(?:Almaty|Aqtau|Aqtobe|Atyrau|Oral|Qostanay|Qyzylorda)$/;
const KAZAKH_OFFSET = -300;

/**
 * Compared are the browser's clock, as the script began, and Tanba's, as it wrote the page. Both are the same computer's,
 * so where they agree both may be wrong; only a time before this version was made is surely wrong.
 */
function checkClock(began) {
  const ours = new Date(page.dataset.now);
  const earliest = new Date(page.dataset.earliest);
  const values = { time: moment(began), "browser-time": moment(began), "agent-time": moment(ours) };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isApart = Math.abs(began - ours) > 60_000;
  if (began < earliest && ours < earliest) settle("clock", "past", values);
  else if (isApart && ours < earliest) settle("clock", "agent", values);
  else if (isApart) settle("clock", "browser", values);
  else if (KAZAKH_ZONES.test(zone) && began.getTimezoneOffset() !== KAZAKH_OFFSET) settle("clock", "zone", { zone });
  else settle("clock", "agree", values);
}
