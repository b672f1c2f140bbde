// The sheet of a sitting with the keyboard alone, or by touch at a reception desk. Each mark is sent at once and again until
// it has arrived: the server knows a mark it has already. Without this script the page is a plain form with one button.

const PRESENCES = ["present", "late", "left_early", "absent", "excused"];
const CAME = new Set(PRESENCES.slice(0, 3));
const RETRY_AFTER = 4000; // ms

const form = document.querySelector("[data-sheet]");
if (form) start(form);

function start(sheet) {
  const lines = [...sheet.querySelectorAll("[data-line]")];
  const waiting = new Set(); // lines whose mark has not arrived
  const undone = []; // what stood there before each act, the last one at the end
  const standing = new Map(lines.map((line) => [line, state(line)]));
  let sending = false;
  let broken = false;

  for (const tool of sheet.querySelectorAll("[data-tools]")) tool.hidden = false;
  const closed = sheet.dataset.closed === "1";
  // Marks are saved one by one, apart from those that need a reason.
  const save = sheet.querySelector("[data-save]");
  if (save && !closed) save.hidden = true;
  const find = sheet.querySelector("[data-find]");
  const undo = sheet.querySelector("[data-undo]");

  sheet.addEventListener("change", (event) => {
    const line = event.target.closest("[data-line]");
    if (line) changed(line, true);
  });
  document.addEventListener("keydown", pressed);
  find.addEventListener("input", search);
  undo?.addEventListener("click", takeBack);
  sheet.addEventListener("submit", (event) => { if (!closed) { event.preventDefault(); send(); } });
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => { if (waiting.size) event.preventDefault(); });
  count();

  // ---- marks

  function changed(line, remember) {
    const before = standing.get(line);
    const now = state(line);
    if (before.presence === now.presence && before.people === now.people) return;
    if (remember) {
      undone.push([line, before]);
      if (undo) undo.disabled = false;
    }
    standing.set(line, now);
    paint(line);
    note(line, "");
    count();
    if (closed) return;
    waiting.add(line);
    send();
  }

  function set(line, presence, people) {
    const box = line.querySelector(`input[type=radio][value="${presence}"]`);
    if (!box || box.disabled) return false;
    box.checked = true;
    const select = line.querySelector("select");
    if (select && people) select.value = people;
    return true;
  }

  function takeBack() {
    const last = undone.pop();
    undo.disabled = undone.length === 0;
    if (!last) return;
    const [line, before] = last;
    if (set(line, before.presence, before.people)) {
      changed(line, false);
      focus(line);
    }
  }

  // ---- the keyboard

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (target === find && event.key === "Enter") {
      event.preventDefault();
      const first = lines.find((line) => !line.hidden);
      if (first) focus(first);
      return;
    }
    const inSheet = target.closest?.("[data-line]");
    if (!inSheet && target !== document.body) return;
    if (target.matches?.("select")) return;
    const line = inSheet ?? lines.find((one) => one.querySelector("[value=none]:checked") && !one.hidden) ?? lines[0];
    if (!line) return;
    const digit = "012345".indexOf(event.key);
    if (event.key.length === 1 && digit >= 0) {
      event.preventDefault();
      if (set(line, digit === 0 ? "none" : PRESENCES[digit - 1])) changed(line, true);
      focus(digit === 0 ? line : neighbour(line, 1) ?? line);
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      focus(inSheet ? neighbour(line, 1) ?? line : line);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      focus(neighbour(line, -1) ?? line);
    }
  }

  function neighbour(line, step) {
    const shown = lines.filter((one) => !one.hidden);
    return shown[shown.indexOf(line) + step];
  }

  function focus(line) {
    const box = line.querySelector("input[type=radio]:checked") ?? line.querySelector("input[type=radio]");
    box.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }

  // ---- looking for somebody

  function search() {
    const word = folded(find.value);
    let found = 0;
    for (const line of lines) {
      line.hidden = word !== "" && !folded(line.dataset.search).includes(word);
      if (!line.hidden) found += 1;
    }
    sheet.querySelector("[data-none]").hidden = found > 0;
  }

  // ---- sending

  async function send() {
    if (sending || waiting.size === 0) return;
    sending = true;
    const batch = [...waiting];
    const sent = new Map(batch.map((line) => [line, { ...standing.get(line) }]));
    say(`保存しています（${waiting.size}件）`);
    try {
      const answer = await fetch(sheet.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: fields(batch),
      });
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      const content = await answer.json().catch(() => ({}));
      if (!answer.ok) return refused(batch, content.detail);
      broken = false;
      arrived(sent, content);
    } catch {
      broken = true;
      say(`つながりません。未送信${waiting.size}件：つながりしだい送ります`, true);
      setTimeout(() => { sending = false; send(); }, RETRY_AFTER);
      return;
    }
    sending = false;
    if (waiting.size) send();
    else say("すべて保存しました");
  }

  function fields(batch) {
    const body = new URLSearchParams({ csrf_token: sheet.elements.namedItem("csrf_token").value });
    for (const line of batch) {
      const id = line.dataset.line;
      const { presence, people } = standing.get(line);
      body.set(`mark-${id}`, presence);
      if (people && CAME.has(presence)) body.set(`people-${id}`, people);
      body.set(`was-${id}`, line.querySelector(`[name="was-${id}"]`).value);
    }
    return body;
  }

  function arrived(sent, content) {
    for (const [line, was] of sent) {
      const id = line.dataset.line;
      const kept = content.lines[id];
      const now = standing.get(line);
      if (!kept) {
        note(line, "申込みが取り消されたため、入力できません。");
        waiting.delete(line);
        continue;
      }
      line.querySelector(`[name="was-${id}"]`).value = kept.was;
      if (content.stale.includes(Number(id))) {
        show(line, kept);
        note(line, "ほかの画面で先に入力されていました。今の記録を表示しています。");
      }
      // Changed again while this was on its way: it is sent once more.
      if (now.presence === was.presence && now.people === was.people) waiting.delete(line);
      if (sheet.dataset.locks && !waiting.has(line)) lock(line);
    }
    for (const [name, number] of Object.entries(content.totals)) {
      const value = document.querySelector(`[data-total="${name}"] .ts-stat__value`);
      if (value) value.firstChild.data = number;
    }
  }

  function show(line, kept) {
    const presence = kept.was.split(":")[1];
    set(line, presence, kept.people ? String(kept.people) : undefined);
    standing.set(line, state(line));
    paint(line);
    count();
  }

  function refused(batch, sentence) {
    sending = false;
    for (const line of batch) waiting.delete(line);
    say(sentence ?? "保存できませんでした。画面を読み込み直してください。", true);
  }

  function lock(line) {
    for (const control of line.querySelectorAll("input, select")) control.disabled = true;
  }

  // ---- what is shown

  function count() {
    let came = Number(sheet.dataset.walkIns);
    let unmarked = 0;
    for (const { presence, people } of standing.values()) {
      if (presence === "none") unmarked += 1;
      else if (CAME.has(presence)) came += people ? Number(people) : 1;
    }
    sheet.querySelector("[data-came]").textContent = came;
    sheet.querySelector("[data-unmarked]").textContent = unmarked;
    const difference = sheet.querySelector("[data-difference]");
    if (!difference) return;
    const by = came - Number(sheet.dataset.counted);
    difference.textContent = by === 0 ? "一致" : `${Math.abs(by)}人${by > 0 ? "多い" : "少ない"}`;
  }

  function paint(line) {
    line.className = "at-line";
    const { presence } = standing.get(line);
    if (presence !== "none") line.classList.add(`at-line--${presence}`);
  }

  function note(line, sentence) {
    const place = line.querySelector("[data-note]");
    place.textContent = sentence;
    place.hidden = sentence === "";
  }

  function say(sentence, bad = false) {
    const place = sheet.querySelector("[data-state]");
    place.textContent = sentence;
    place.classList.toggle("at-state--bad", bad || broken);
  }
}

function state(line) {
  const presence = line.querySelector("input[type=radio]:checked")?.value ?? "none";
  return { presence, people: line.querySelector("select")?.value ?? "" };
}

// Width, case, space, hyphens and hiragana do not matter to who looks for a name.
function folded(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\s-]/g, "").replace(/[ぁ-ゖ]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
}
