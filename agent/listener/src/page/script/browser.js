// What can be told of the browser from inside of it.

/** What the portals ask for. Each later one also calls itself like one before it, so the first that fits is meant. */
const LISTED = { Edge: 14, Firefox: 86, Chrome: 85, Safari: 16 };
const CALLED = [
  { name: "Edge", mark: /\bEdge?(?:A|iOS)?\/(\d+)/ },
  { name: "Firefox", mark: /\b(?:Firefox|FxiOS)\/(\d+)/ },
  { name: "Opera", mark: /\bOPR\/(\d+)/ },
  { name: "Yandex Browser", mark: /\bYaBrowser\/(\d+)/ },
  { name: "Vivaldi", mark: /\bVivaldi\/(\d+)/ },
  { name: "Samsung Internet", mark: /\bSamsungBrowser\/(\d+)/ },
  { name: "Internet Explorer", mark: /\b(?:MSIE |Trident\/.*rv:)(\d+)/ },
  { name: "Chrome", mark: /(?:Chrome|Chromium|CriOS)\/(\d+)/ },
  { name: "Safari", mark: /\bVersion\/(\d+).*\bSafari\// },
];

function checkBrowser() {
  const agent = navigator.userAgent;
  for (const { name, mark } of CALLED) {
    const version = Number(mark.exec(agent)?.[1]);
    if (!version) continue;
    const browser = `${name} ${version}`;
    const least = LISTED[name];
    if (least && version >= least) return settle("browser", "fit", { browser });
    if (least) return settle("browser", "old", { browser, needed: `${name} ${least}` });
    const engine = Number(/Chrome\/(\d+)/.exec(agent)?.[1]);
    if (engine >= LISTED.Chrome) return settle("browser", "unlisted", { browser, engine });
    return settle("browser", "old", { browser, needed: `Chrome ${LISTED.Chrome}` });
  }
  return settle("browser", "unknown");
}

/** Tried, not believed: one is kept for a moment and taken away again. */
function keepsCookies() {
  try {
    document.cookie = "tanba-check=1; SameSite=Strict; Max-Age=60";
    const isKept = /(?:^|; )tanba-check=1/.test(document.cookie);
    document.cookie = "tanba-check=; SameSite=Strict; Max-Age=0";
    return navigator.cookieEnabled && isKept;
  } catch {
    return false;
  }
}

function checkCookies() {
  settle("cookies", keepsCookies() ? "on" : "off");
}

/** Tried on the first example of FIPS 180-2, B.1. */
async function checkCrypto() {
  const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  let hex = "";
  try {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("abc"));
    hex = [...new Uint8Array(digest)].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  } catch {
    // Not there.
  }
  settle("crypto", hex === expected ? "works" : "missing");
}

/** An empty box that is called like an advertisement: who hides it hides advertisements. */
async function checkBlocker() {
  const bait = document.createElement("div");
  bait.className = "bait ad ads adsbox ad-banner banner_ad";
  bait.setAttribute("aria-hidden", "true");
  document.body.append(bait);
  await pause(200);
  const isHidden = !bait.isConnected || bait.offsetHeight === 0;
  bait.remove();
  settle("blocker", isHidden ? "some" : "none");
}

/** The permission has had several names; a browser that knows none of them does not ask for it. */
async function permission() {
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      return (await navigator.permissions.query({ name })).state;
    } catch {
      // Not a name that this browser knows.
    }
  }
  return undefined;
}

/** Said of this page alone. What other sites may is nobody's to tell: each is asked about by itself. */
async function checkNetwork() {
  const state = await permission();
  if (state === undefined) settle("network", "absent");
  else if (state === "granted") settle("network", "granted");
  else if (state === "denied") settle("network", "denied");
  else settle("network", "asked");
}
