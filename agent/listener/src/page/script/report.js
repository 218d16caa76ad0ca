// The result on top, in one sentence, and the report for a help desk. It has the page's own sentences in it and what the
// browser says of itself: no name, no number, no path is known here.

function show(result, values = {}) {
  for (const one of document.querySelectorAll("[data-result]")) {
    one.hidden = one.dataset.result !== result;
    if (!one.hidden) fill(one, values);
  }
  at("result").dataset.state = result;
}

const names = (lines) => lines.map(({ id }) => at(id).querySelector("h3").textContent).join(", ");

function conclude() {
  const [faults, notes] = [linesIn("fault"), linesIn("attention")];
  if (found.get("socket").state === "fault") show("unreachable");
  else if (found.get("tls").state === "fault") show("untrusted");
  else if (faults.length > 0) show("fault", { names: names(faults) });
  else if (notes.length > 0) show("attention", { names: names(notes) });
  else show(found.get("sign").name === "good" ? "signed" : "ready");
  at("report").querySelector("textarea").value = report();
}

const plain = (element) => element.textContent.replace(/\s+/g, " ").trim();

function report() {
  const lines = inOrder().map(({ id, state, name }) => {
    const said = [...at(id).querySelectorAll(`[data-case="${name}"] p`)].map(plain).join(" ");
    return `${label(state)}: ${plain(at(id).querySelector("h3"))}. ${said} [${id}.${name}]`;
  });
  return [
    `Tanba ${page.dataset.version}, ${location.origin}, ${page.lang}`,
    new Date().toISOString(),
    navigator.userAgent,
    "",
    plain(document.querySelector("[data-result]:not([hidden]) h1")),
    "",
    ...lines,
    "",
  ].join("\n");
}

async function copy() {
  const text = at("report").querySelector("textarea");
  text.value = report();
  let isCopied = true;
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    isCopied = false;
    at("report").open = true;
    text.focus();
    text.select();
  }
  at("copied").hidden = !isCopied;
  at("by-hand").hidden = isCopied;
}
