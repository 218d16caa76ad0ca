"use strict";
(() => {
  const patience = 8000;

  // Whether Tanba greets on this address, as it greets every site.
  const greets = (scheme) => new Promise((resolve) => {
    let socket;
    const settle = (answer) => {
      clearTimeout(timer);
      resolve(answer);
      if (socket) socket.close();
    };
    const timer = setTimeout(() => settle(false), patience);
    try {
      socket = new WebSocket(`${scheme}://${location.host}/`);
    } catch {
      settle(false);
      return;
    }
    socket.onerror = () => settle(false);
    socket.onmessage = (event) => {
      try {
        settle(typeof JSON.parse(event.data).result.version === "string");
      } catch {
        settle(false);
      }
    };
  });

  const show = (state) => {
    for (const section of document.querySelectorAll("section")) section.hidden = section.id !== state;
    document.querySelector("main").dataset.state = state;
  };

  (async () => {
    // Sites use wss; from this page, if it came without TLS, ws tells a certificate that is not trusted from silence.
    if (await greets("wss")) return show("ready");
    show(location.protocol === "http:" && await greets("ws") ? "untrusted" : "unreachable");
  })();
})();
