// A socket to Tanba, as every site opens one: a greeting first, then one answer for each question.

const PATIENCE = 8000;

class Wire {
  /** Opens one; fails when nobody greets as Tanba does. */
  static async open(scheme) {
    const wire = new Wire();
    wire.frames = [];
    wire.socket = new WebSocket(`${scheme}://${page.dataset.address}/`);
    wire.socket.onmessage = (event) => {
      wire.frames.push(event.data);
      wire.wake?.();
    };
    wire.socket.onclose = () => {
      wire.isClosed = true;
      wire.wake?.();
    };
    try {
      const greeting = JSON.parse(await wire.next(PATIENCE));
      if (typeof greeting.result.version !== "string") throw new TypeError("no greeting");
    } catch (error) {
      wire.close();
      throw error;
    }
    return wire;
  }

  /** The next frame; without patience it is waited for as long as the socket lives. */
  async next(patience) {
    const end = patience === undefined ? Infinity : performance.now() + patience;
    for (;;) {
      if (this.frames.length > 0) return this.frames.shift();
      const left = end - performance.now();
      if (this.isClosed || left <= 0) throw new Error("no answer");
      await new Promise((resolve) => {
        this.wake = resolve;
        if (left !== Infinity) setTimeout(resolve, left);
      });
    }
  }

  ask(question, patience) {
    this.socket.send(typeof question === "string" ? question : JSON.stringify(question));
    return this.next(patience);
  }

  close() {
    this.socket.close();
  }
}
