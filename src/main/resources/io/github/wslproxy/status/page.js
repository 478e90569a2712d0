
"use strict";
(() => {
  const EVERY = 1_000; // ms from the beginning of one request to the next, at least
  const PATIENCE = 4_000; // ms until an answer
  const CHART = 60_000; // ms that a chart shows
  const GAP = 5_000; // ms after which a rate would be an average of too long a time
  const KEY = "wslproxy-token";
  const RUN = "wslproxy-run";

  // ---- elements -------------------------------------------------------------------------------------------------

  const slots = (root) =>
    Object.fromEntries([...root.querySelectorAll("[data-slot]")].map((element) => [element.dataset.slot, element]));
  const stamp = (template) => document.getElementById(template).content.firstElementChild.cloneNode(true);

  /** Shows text, never markup. A text that is there already stays, for somebody who selects it or has it read out. */
  function write(element, text) {
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }

  function attribute(element, name, value) {
    if (element.getAttribute(name) !== value) {
      element.setAttribute(name, value);
    }
  }

  function badge(element, text, tone) {
    write(element, text);
    attribute(element, "class", "badge " + tone);
  }

  /**
   * Gives `parent` a child for each of `items`, in their order. A child that is there already stays, and so does the focus.
   * If the child that had the focus has gone, `bereft` is called with the child beside it, or null.
   */
  function reconcile(parent, items, keyOf, make, show, bereft = () => {}) {
    const before = new Map();
    for (const child of parent.children) {
      before.set(child.dataset.key, [...(before.get(child.dataset.key) ?? []), child]);
    }
    const kept = items.map((item) => before.get(keyOf(item))?.shift());
    const gone = new Set([...before.values()].flat());
    const focused = [...gone].find((child) => child.contains(document.activeElement));
    const beside = focused ? neighbour(focused, gone) : null;
    gone.forEach((child) => child.remove());
    items.forEach((item, index) => {
      const element = kept[index] ?? make(item);
      element.dataset.key = keyOf(item);
      if (parent.children[index] !== element) {
        parent.insertBefore(element, parent.children[index] ?? null);
      }
      show(element, item);
    });
    if (focused) {
      bereft(beside);
    }
  }

  /** The next child of the same parent that stays, or else the one before. */
  function neighbour(child, gone) {
    for (const direction of ["nextElementSibling", "previousElementSibling"]) {
      for (let other = child[direction]; other; other = other[direction]) {
        if (!gone.has(other)) return other;
      }
    }
    return null;
  }

  // ---- words ----------------------------------------------------------------------------------------------------

  function bytes(count) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let unit = 0;
    while (count >= (unit === 0 ? 1024 : 1023.95) && unit < units.length - 1) {
      count /= 1024;
      unit++;
    }
    return (unit === 0 ? Math.round(count) : count.toFixed(1)) + " " + units[unit];
  }

  function duration(seconds) {
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    if (minutes < 1) return Math.max(0, Math.floor(seconds)) + " s";
    if (hours < 1) return minutes + " min";
    if (hours < 48) return hours + " h " + (minutes % 60) + " min";
    return Math.floor(hours / 24) + " d " + (hours % 24) + " h";
  }

  function clock(instant) {
    const date = new Date(instant);
    const today = new Date().toDateString() === date.toDateString();
    return (today ? "" : date.toLocaleDateString() + " ") + date.toLocaleTimeString("en-GB");
  }

  const number = (value) => value.toLocaleString("en").replaceAll(",", "\u202f");
  const plural = (count, one) => number(count) + " " + one + (count === 1 ? "" : "s");

  // ---- actions --------------------------------------------------------------------------------------------------

  /** The browser's storage; if the browser has none for this page, what is kept lasts as long as the page is open. */
  const memory = {
    own: new Map(),
    get(key) {
      try {
        return localStorage.getItem(key);
      } catch (noStorage) {
        return this.own.get(key) ?? null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(key, value);
      } catch (noStorage) {
        this.own.set(key, value);
      }
    },
  };
  let token = "";

  /**
   * The address that `wslproxy page` prints has the token behind its #, which no server ever sees. Any web page may link to
   * this one with a token of its own, so a token is tried before it replaces the one that is kept.
   */
  async function takeToken() {
    const given = /^#token=([0-9a-f]{32})$/.exec(location.hash)?.[1];
    if (given) {
      history.replaceState(null, "", location.pathname);
    }
    token = memory.get(KEY) ?? "";
    showMode();
    if (!given || given === token) {
      return;
    }
    if (await isToken(given)) {
      memory.set(KEY, given);
      memory.set(RUN, "");
      token = given;
      showMode();
    } else {
      say("That address has the token of another wslproxy. To get the one of this: " + command("wslproxy page"));
    }
  }

  async function isToken(given) {
    try {
      const response = await post("token", {}, given);
      return response.ok;
    } catch (failure) {
      return false;
    }
  }

  function dropToken() {
    memory.set(KEY, "");
    token = "";
    showMode();
  }

  /** Each run of wslproxy has a token of its own. */
  function keepTokenOf(pid) {
    const run = memory.get(RUN);
    if (!run) {
      memory.set(RUN, pid);
    } else if (token && run !== pid) {
      dropToken();
    }
  }

  function showMode() {
    document.body.classList.toggle("read-only", !token);
    page.readOnly.hidden = Boolean(token);
  }

  let saidFor = 0;

  function say(line) {
    write(page.said, line);
    clearTimeout(saidFor);
    saidFor = setTimeout(() => write(page.said, ""), 8_000);
  }

  function post(action, body, token) {
    return fetch("/api/" + action, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Wslproxy-Token": token },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  async function act(action, body) {
    try {
      const response = await post(action, body, token);
      const answer = await response.json();
      if (response.status === 403) dropToken();
      say(response.ok ? answer.done : "Refused: " + answer.refused);
    } catch (failure) {
      say("wslproxy does not answer, so perhaps nothing has changed.");
    }
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      say("Copied.");
    } catch (notAllowed) {
      say("The browser does not let a page copy here; select the text instead.");
    }
  }

  // ---- traffic --------------------------------------------------------------------------------------------------

  /** Bytes a second over the last minute, from counters that were read about once a second. */
  class Rates {
    #samples = [];
    #last = null;

    add(at, bytesIn, bytesOut) {
      const last = this.#last;
      this.#last = { at, bytesIn, bytesOut };
      if (!last || at - last.at > GAP || bytesIn < last.bytesIn || bytesOut < last.bytesOut) {
        this.#samples = [];
        return;
      }
      const seconds = (at - last.at) / 1_000;
      this.#samples.push({ at, in: (bytesIn - last.bytesIn) / seconds, out: (bytesOut - last.bytesOut) / seconds });
      this.#samples = this.#samples.filter((sample) => at - sample.at <= CHART);
    }

    now() {
      return this.#samples.at(-1) ?? { in: 0, out: 0 };
    }

    /** The path of a chart in a box of 120 by 40, the newest sample at its right. */
    path(direction, now) {
      const most = Math.max(1, ...this.#samples.flatMap((sample) => [sample.in, sample.out]));
      return this.#samples
        .map((sample, index) => {
          const x = 120 * (1 - (now - sample.at) / CHART);
          const y = 38 - 36 * (sample[direction] / most);
          return (index ? "L" : "M") + x.toFixed(1) + " " + y.toFixed(1);
        })
        .join("");
    }
  }

  // ---- forwards -------------------------------------------------------------------------------------------------

  const STATES = {
    listening: ["listening", "good"],
    failed: ["failed", "bad"],
    waiting: ["waiting", "warn"],
    paused: ["paused", "warn"],
  };
  const cards = new WeakMap();
  let configOption = "";

  /** Leaves a name with other characters out, as people paste the command into a shell. */
  const doctor = (name) => command("wslproxy doctor" + (/^[\w.+-]+$/.test(name) && !name.startsWith("-") ? " " + name : ""));

  /** Names the configuration that runs; its name comes quoted. */
  const command = (words) => words + (configOption ? " " + configOption : "");

  function originOf(forward) {
    if (forward.origin === "share") {
      const left = (Date.parse(forward.ends_at) - Date.now()) / 1_000;
      return "shared until " + clock(forward.ends_at) + (left > 0 ? ", " + duration(left) + " left" : "");
    }
    return forward.origin === "auto" ? "appeared by itself ([auto])" : "from proxy.toml";
  }

  /** Says what is wrong and what fixes it, perhaps with a command. */
  function troubleOf(forward) {
    if (forward.error) {
      return { words: forward.error, bad: true, more: "To see why:", command: doctor(forward.name) };
    }
    const problem = forward.last_problem;
    if (problem) {
      const words = clock(problem.at) + " " + (problem.client ? "refused " + problem.client + ": " : "") + problem.text;
      if (problem.served_since) {
        return { words: "none since " + clock(problem.served_since) + ". Before that: " + words, more: "" };
      }
      return problem.cure
        ? { words, more: "To fix it: " + problem.cure + "." }
        : { words, more: "To see why:", command: doctor(forward.name) };
    }
    if (forward.state === "listening" && forward.urls.length > 0 && !forward.last_client) {
      return { words: "none. No other device has connected yet", more: "If one cannot, run:", command: command("wslproxy firewall") };
    }
    return { words: "none", more: "" };
  }

  class Card {
    #name;
    #slots;
    #rates = new Rates();
    #paused = false;
    #url = "";

    constructor(element, forward, index) {
      const at = (this.#slots = slots(element));
      const name = (this.#name = forward.name);
      at.name.id = "forward-" + index;
      element.setAttribute("aria-labelledby", at.name.id);
      write(at.name, name);
      at.linksRegion.setAttribute("aria-label", "connections and sessions of " + name);
      at.unshare.setAttribute("aria-label", "Stop sharing " + name);
      at.pause.addEventListener("click", () => act(this.#paused ? "resume" : "pause", { forward: name }));
      at.unshare.addEventListener("click", () => act("unshare", { name }));
      at.code.addEventListener("click", () => enlarge(this.#url));
      at.tomlCopy.addEventListener("click", () => copy(at.tomlText.textContent));
      at.links.addEventListener("toggle", () => this.readLinks());
    }

    show(forward, now) {
      const at = this.#slots;
      badge(at.state, ...(STATES[forward.state] ?? [forward.state, ""]));
      write(at.origin, forward.protocol + ", " + originOf(forward));
      this.#paused = forward.state === "paused";
      write(at.pause, this.#paused ? "Resume" : "Pause");
      attribute(at.pause, "aria-label", at.pause.textContent + " " + this.#name);
      at.unshare.hidden = forward.origin !== "share";
      write(at.listen, forward.listen.join(", "));
      write(at.target, forward.target + (forward.resolved && forward.resolved !== forward.target ? " \u2192 " + forward.resolved : "")
        + (forward.via === "localhost" ? ", through WSL's localhost relay" : ""));
      this.#showUrls(forward);
      this.#showClients(forward);
      this.#showTrouble(troubleOf(forward));
      this.#showTraffic(forward, now);
      at.toml.hidden = !forward.toml;
      write(at.tomlText, forward.toml ?? "");
      this.readLinks();
    }

    /** Called when wslproxy does not answer: what was known last may be old, and its listeners may be closed. */
    forget() {
      badge(this.#slots.state, "not known", "");
      this.#showTrouble({ words: "not known", more: "" });
    }

    #showUrls(forward) {
      const at = this.#slots;
      const why = forward.why_no_url ? "none: " + forward.why_no_url + "." : "nowhere yet";
      const none = forward.state === "paused" ? "not while paused" : why;
      const shown = forward.urls.length > 0 ? forward.urls.map((url) => ({ url, words: url })) : [{ url: "", words: none }];
      reconcile(at.urls, shown, (item) => item.words, makeUrl, () => {});
      this.#url = forward.urls.find(isWeb) ?? ""; // No browser opens another URL, so its code would help no phone.
      at.code.hidden = !this.#url;
      if (this.#url) {
        attribute(at.codeImage, "src", codeOf(this.#url));
        attribute(at.codeImage, "alt", "QR code of " + this.#url + ", enlarge");
      }
    }

    #showClients(forward) {
      const known = forward.clients.reduce((sum, client) => sum + client.open, 0);
      const lines = forward.clients.map((client) => client.address + " (" + number(client.open) + ")");
      if (forward.open > known && lines.length > 0) lines.push("and others");
      if (lines.length === 0) {
        const last = forward.last_client;
        lines.push(last ? "none now; last " + last.address + " at " + clock(last.at) + (last.accepted ? "" : ", refused") : "none");
      }
      reconcile(this.#slots.clients, lines, (line) => line, () => document.createElement("li"), write);
    }

    #showTrouble(trouble) {
      const at = this.#slots;
      // Another sentence follows.
      const end = trouble.more && !/[.!?]$/.test(trouble.words) ? "." : "";
      write(at.trouble, trouble.words + end);
      attribute(at.trouble, "class", trouble.bad ? "bad" : "");
      const remedy = trouble.command ? trouble.more + " " + trouble.command : trouble.more;
      if (at.remedy.textContent !== remedy) {
        at.remedy.replaceChildren(trouble.more + (trouble.command ? " " : ""));
        if (trouble.command) {
          const code = document.createElement("code");
          code.textContent = trouble.command;
          at.remedy.append(code);
        }
      }
    }

    #showTraffic(forward, now) {
      const at = this.#slots;
      this.#rates.add(now, forward.bytes_in, forward.bytes_out);
      const rate = this.#rates.now();
      write(at.rateIn, bytes(rate.in) + "/s");
      write(at.rateOut, bytes(rate.out) + "/s");
      write(at.bytesIn, bytes(forward.bytes_in));
      write(at.bytesOut, bytes(forward.bytes_out));
      write(at.open, number(forward.open));
      write(at.accepted, number(forward.accepted));
      write(at.refused, number(forward.refused));
      attribute(at.chartIn, "d", this.#rates.path("in", now));
      attribute(at.chartOut, "d", this.#rates.path("out", now));
    }

    async readLinks() {
      const at = this.#slots;
      if (!at.links.open) return;
      try {
        const response = await fetch("/api/links?forward=" + encodeURIComponent(this.#name), {
          signal: AbortSignal.timeout(PATIENCE),
        });
        if (response.ok) this.#showLinks(await response.json());
      } catch (silent) {
        // The status fails then, too, and says so.
      }
    }

    #showLinks(answer) {
      const key = (link) => link.protocol + " " + link.client;
      const links = answer.links.sort((one, other) => (key(one) < key(other) ? -1 : 1));
      reconcile(this.#slots.linkRows, links, key, (link) => this.#makeLink(link), showLink, (row) => this.#focusRow(row));
      const more = answer.more > 0 ? "and " + number(answer.more) + " more" : "";
      write(this.#slots.linksMore, links.length === 0 ? "Nobody is connected." : more);
    }

    /** Keeps the keyboard beside the row of a connection that has ended, or at the heading if no row is left. */
    #focusRow(row) {
      (row?.querySelector("button") ?? this.#slots.links.querySelector("summary")).focus({ preventScroll: true });
    }

    #makeLink(link) {
      const row = stamp("link");
      const button = row.querySelector("button");
      const { protocol, client } = link;
      button.setAttribute("aria-label", "End " + { tcp: "TCP connection", udp: "UDP session" }[protocol] + " of " + client);
      button.addEventListener("click", () => act("end", { forward: this.#name, protocol, client }));
      return row;
    }
  }

  function showLink(row, link) {
    const texts = [link.client, link.protocol, link.target, duration(link.seconds), bytes(link.bytes_in), bytes(link.bytes_out)];
    texts.forEach((text, index) => write(row.cells[index], text));
  }

  const codeOf = (url) => "/api/qr?url=" + encodeURIComponent(url);

  const isWeb = (url) => /^https?:\/\//.test(url);

  function makeUrl({ url, words }) {
    const item = stamp("url");
    const [link, plain, button] = item.children;
    if (isWeb(url)) {
      link.href = url;
      link.textContent = url;
      plain.remove();
    } else {
      plain.textContent = words;
      link.remove();
    }
    button.hidden = !url;
    button.setAttribute("aria-label", "Copy " + url);
    button.addEventListener("click", () => copy(url));
    return item;
  }

  function enlarge(url) {
    page.largeCode.src = codeOf(url);
    page.largeCode.alt = "QR code of " + url;
    write(page.largeUrl, url);
    page.large.showModal();
  }

  // ---- the whole ------------------------------------------------------------------------------------------------

  const TARGETS = {
    up: ["up", "good"],
    down: ["stopped", "bad"],
    unknown: ["not known yet", "warn"],
    "on-lan": ["on the LAN itself", "good"],
  };
  const LIMITS = {
    connections: "TCP connections",
    connecting: "Connecting",
    sessions: "UDP sessions",
    direct_memory: "Memory",
    rate: "New connections per second and client",
  };
  const page = slots(document);
  let version = null;
  let made = 0;

  function show(status) {
    if (version && version !== status.version) {
      location.reload(); // Another wslproxy has another page.
      return;
    }
    version = status.version;
    keepTokenOf(String(status.pid));
    const now = performance.now();
    write(page.version, status.version);
    write(page.uptime, "running for " + duration(status.uptime_seconds));
    page.configError.hidden = !status.config_error;
    write(page.configError, status.config_error ? "The edited configuration is not valid; the previous one runs: " + status.config_error : "");
    showTarget(status.target);
    page.noForwards.hidden = status.forwards.length > 0;
    configOption = status.config_option ?? "";
    write(page.config, status.config ? "Configuration: " + status.config + "." : "");
    const showCard = (element, forward) => cards.get(element).show(forward, now);
    reconcile(page.forwards, status.forwards, (forward) => forward.name, makeCard, showCard, focusCard);
    reconcile(page.events, status.events.reverse(), (event) => event.at + event.text, makeEvent, () => {});
    reconcile(page.limits, Object.entries(status.limits), ([name]) => name, () => stamp("limit"), showLimit);
  }

  function showTarget(target) {
    const [words, tone] = TARGETS[target.state] ?? [target.state, ""];
    badge(page.targetState, words, tone);
    write(page.targetAddress, target.address ?? "no address");
    write(page.targetSince, "for " + duration((Date.now() - Date.parse(target.since)) / 1_000) + ", since " + clock(target.since));
    write(page.targetReason, target.reason);
    document.title = "wslproxy: WSL " + words;
  }

  /** Keeps the keyboard beside a forward that has gone, such as a share that was stopped. */
  function focusCard(card) {
    (card?.querySelector("h3") ?? page.forwardsHeading).focus({ preventScroll: true });
  }

  function makeCard(forward) {
    const element = stamp("forward");
    cards.set(element, new Card(element, forward, ++made));
    return element;
  }

  function makeEvent(event) {
    const item = stamp("event");
    const [time, text] = item.children;
    time.dateTime = event.at;
    time.textContent = clock(event.at);
    text.textContent = event.text;
    text.className = { warn: "warn", error: "bad" }[event.level] ?? "";
    return item;
  }

  function showLimit(element, [name, limit]) {
    const [term, value] = element.children;
    const text = name === "direct_memory" ? bytes : number;
    write(term, LIMITS[name] ?? name);
    write(value.children[0], name === "rate" ? (limit.max ? "at most " + number(limit.max) : "any number") : text(limit.used) + " of " + text(limit.max));
    write(value.children[1], limit.refused > 0 ? plural(limit.refused, "client") + " refused" : "none refused");
  }

  // ---- asking ---------------------------------------------------------------------------------------------------

  let asking = false;
  let asked = -EVERY;
  let answered = null;
  let timer = 0;

  function askSoon() {
    clearTimeout(timer);
    if (!asking && !document.hidden) {
      timer = setTimeout(ask, Math.max(0, asked + EVERY - performance.now()));
    }
  }

  async function ask() {
    asking = true;
    asked = performance.now();
    const { status, silence } = await read();
    asking = false;
    askSoon();
    document.body.classList.toggle("stale", !status);
    if (status) {
      answered = Date.now();
      badge(page.connection, "live", "good");
      show(status);
    } else {
      showSilence(silence);
    }
  }

  /** Gives the status, or why there is none. A browser cannot connect to a port that nobody listens on. */
  async function read() {
    try {
      const response = await fetch("/api/status", { signal: AbortSignal.timeout(PATIENCE) });
      return response.ok ? { status: await response.json() } : { silence: "no status" };
    } catch (failure) {
      return { silence: failure.name === "TimeoutError" ? "no answer" : "not running" };
    }
  }

  function showSilence(silence) {
    document.title = "wslproxy: " + silence;
    badge(page.connection, "wslproxy does not answer" + (answered ? "; as of " + clock(answered) : ""), "bad");
    badge(page.targetState, "not known", "");
    for (const card of page.forwards.children) {
      cards.get(card).forget();
    }
  }

  document.addEventListener("visibilitychange", askSoon);
  window.addEventListener("hashchange", takeToken);
  page.probe.addEventListener("click", () => act("probe", {}));
  page.share.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData(page.share);
    act("share", { port: Number(form.get("port")), protocol: form.get("protocol"), seconds: Number(form.get("seconds")) });
  });
  takeToken();
  document.getElementById("page").hidden = false;
  askSoon();
})();
