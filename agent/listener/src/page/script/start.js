// The order of things. Nothing is signed, copied or asked of the person unless they press a button.

async function check(began) {
  settle("script", "on");
  settle("sign", "not-yet");
  settle("keys", "asked");
  checkBrowser();
  checkCookies();
  checkClock(began);
  await Promise.all([checkCrypto(), checkBlocker(), checkNetwork(), checkLink()]);
  checkExtension();
  conclude();
  at("test").disabled = false;
}

// In a frame it does nothing; no browser of today shows it in one.
if (window.top === window.self) {
  const began = new Date();
  page.dataset.script = "on";
  show("checking");
  at("again").onclick = () => location.reload();
  at("copy").onclick = copy;
  at("test").onclick = sign;
  check(began);
}
