// A worksheet that saves itself: what is typed is kept on this device first, sent when the line allows, and never
// overwrites what somebody else has saved meanwhile. Without JavaScript the buttons do the same, a page at a time.

const PAUSE = 1500; // ms after the last key
const RETRY = 8000; // ms until an attempt without a line is repeated
const form = document.getElementById("worksheet");
const status = form.querySelector("[data-status]");
const place = form.dataset.key;

let base = snapshot(); // what the server is known to hold
let timer = 0;
let sending = false;
let held = false; // a conflict waits for a decision
let pressed = null; // a button that waits for a saving under way: the page it leads to must know the new version

// ---- the form as a map: control name → values

function snapshot() {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (name === "csrf_token" || name === "version" || value === "" || value instanceof File) continue;
    (found[name] ??= []).push(value);
  }
  return found;
}

const same = (one, other) => JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
const sections = () => [...form.querySelectorAll("[data-section]")].filter((one) => one.querySelector("template"));
const rowsOf = (section) => [...section.querySelectorAll(":scope > .ws-row")];
const rowOf = (id) => form.querySelector(`.ws-row[data-row="${CSS.escape(id)}"]`);
const controlsOf = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

function put(name, values) {
  for (const control of controlsOf(name)) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else control.value = values[0] ?? "";
  }
}

function differing(one, other) {
  return new Set([...Object.keys(one), ...Object.keys(other)].filter((name) => !same(one[name], other[name])));
}

// ---- rows

function addRow(section, id = crypto.getRandomValues(new Uint32Array(2)).join("").slice(0, 18), after = null) {
  const row = section.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const node of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of node.attributes) {
      if (attribute.value.includes("NEWROW")) attribute.value = attribute.value.replaceAll("NEWROW", id);
    }
  }
  (after ?? rowsOf(section).at(-1) ?? section.querySelector("template")).after(row);
  number(section);
  conditions(row);
  return row;
}

function number(section) {
  rowsOf(section).forEach((row, index) => { row.querySelector("[data-number]").textContent = index + 1; });
}

function rearrange(event) {
  const [doing, key, id] = (event.submitter?.value ?? "").split(":");
  const section = sections().find((one) => one.dataset.section === key);
  if (!section || !["add", "copy", "remove", "up"].includes(doing)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const row = id && rowOf(id);
  if (doing === "add") addRow(section).querySelector("input:not([type=hidden]), textarea").focus();
  if (doing === "copy") duplicate(section, row);
  if (doing === "up" && row.previousElementSibling?.matches(".ws-row")) row.previousElementSibling.before(row);
  if (doing === "remove" && confirm("この行を削除します。よろしいですか。")) row.remove();
  number(section);
  typed();
}

function duplicate(section, row) {
  const id = row.dataset.row;
  const values = Object.entries(snapshot()).filter(([name]) => name.startsWith(`q-${section.dataset.section}-${id}-`));
  const made = addRow(section, undefined, row);
  for (const [name, value] of values) put(name.replace(`-${id}-`, `-${made.dataset.row}-`), value);
  conditions(made);
}

// ---- questions that are asked only sometimes

function conditions(within = form) {
  const now = snapshot();
  for (const question of within.querySelectorAll("[data-when]")) {
    const wanted = question.dataset.is.split(" ");
    question.hidden = !(now[question.dataset.when] ?? []).some((value) => wanted.includes(value));
  }
}

// ---- keeping

function say(text, broken = false) {
  status.textContent = text;
  status.toggleAttribute("data-broken", broken);
}

// The button that takes last year's rows along stands in a form of its own and has to know the version too.
function setVersion(version) {
  for (const field of document.querySelectorAll("[name=version]")) field.value = version;
}

function keep() {
  const version = form.elements.namedItem("version").value;
  localStorage.setItem(place, JSON.stringify({ version, base, mine: snapshot() }));
}

function typed() {
  keep();
  conditions();
  for (const row of form.querySelectorAll(".ws-row")) {
    row.querySelector("[data-title]").textContent = row.querySelector(".ws-grid input, .ws-grid textarea").value;
  }
  if (held) return;
  say("この端末に控えました。まもなく保存します。");
  clearTimeout(timer);
  timer = setTimeout(send, PAUSE);
}

async function send() {
  if (sending || held) return;
  const mine = snapshot();
  if (differing(mine, base).size === 0) {
    localStorage.removeItem(place);
    return;
  }
  sending = true;
  say("保存しています");
  try {
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => !(value instanceof File)));
    body.set("do", "save");
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    const content = await answer.json().catch(() => ({}));
    sending = false;
    if (answer.status === 409) meet(content);
    else if (answer.ok) saved(mine, content);
    else say(`${content.detail ?? "保存できません。ページを読み込み直してください。"}入力した内容は、この端末に控えてあります。`, true);
  } catch {
    sending = false;
    say("つながりません。入力した内容はこの端末に控えてあり、つながりしだい保存します。", true);
    clearTimeout(timer);
    timer = setTimeout(send, RETRY);
  }
  const button = pressed;
  pressed = null;
  if (button && !held) form.requestSubmit(button);
}

function saved(mine, content) {
  base = mine;
  setVersion(content.version);
  const missing = content.said ?? (content.missing ? `提出までに、あと${content.missing}か所の記入が必要です。` : "提出できます。");
  say(`${content.at}に保存しました。${missing}`);
  if (differing(snapshot(), base).size) typed();
  else localStorage.removeItem(place);
}

// ---- two editors: what only one of them changed is taken; where both did, both texts are shown and one is chosen

function meet({ controls, version, by }) {
  const mine = snapshot();
  for (const section of sections()) meetRows(section, controls, mine);
  const both = [];
  for (const name of differing(base, controls)) {
    if (name.startsWith("rows-") || !controlsOf(name).length) continue;
    if (same(mine[name], base[name])) put(name, controls[name] ?? []);
    else if (!same(mine[name], controls[name])) both.push(name);
  }
  base = controls;
  setVersion(version);
  conditions();
  held = both.length > 0;
  for (const name of both) ask(name, controls[name] ?? [], by);
  keep();
  if (held) say(`${by}さんが先に保存しています。${both.length}か所で、どちらの内容にするか選んでください。`, true);
  else typed();
}

function meetRows(section, controls, mine) {
  const name = `rows-${section.dataset.section}`;
  const [was, theirs] = [base[name] ?? [], controls[name] ?? []];
  const touched = (id, one, other) =>
    [...differing(one, other)].some((control) => control.startsWith(`q-${section.dataset.section}-${id}-`));
  for (const id of theirs) {
    const wanted = !was.includes(id) || touched(id, base, controls);
    if (!rowOf(id) && wanted) {
      const row = addRow(section, id);
      for (const [control, values] of Object.entries(controls)) {
        if (control.startsWith(`q-${section.dataset.section}-${id}-`)) put(control, values);
      }
      conditions(row);
    }
  }
  for (const id of was) {
    if (!theirs.includes(id) && rowOf(id) && !touched(id, base, mine)) rowOf(id).remove();
  }
  number(section);
}

function ask(name, theirs, by) {
  const control = controlsOf(name)[0];
  const box = document.createElement("div");
  box.className = "ws-conflict";
  const words = theirs.map((value) => form.querySelector(`[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"] + label`)?.textContent ?? value);
  const text = document.createElement("p");
  text.textContent = `${by}さんが先に保存した内容：${words.join("、") || "（空欄）"}`;
  box.append(text);
  for (const [label, take] of [["先に保存された内容にする", true], ["自分の入力を残す", false]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ts-button ts-button--secondary ts-button--small";
    button.textContent = label;
    button.addEventListener("click", () => {
      if (take) put(name, theirs);
      box.remove();
      held = form.querySelector(".ws-conflict") !== null;
      control.focus();
      typed();
    });
    box.append(button);
  }
  control.closest("details")?.setAttribute("open", "");
  control.closest(".ts-field").append(box);
}

// ---- coming back after the tab was closed

function restore() {
  const kept = JSON.parse(localStorage.getItem(place) ?? "null");
  if (!kept) return;
  if (differing(kept.mine, base).size === 0) {
    localStorage.removeItem(place);
    return;
  }
  const now = { controls: base, version: form.elements.namedItem("version").value, by: form.dataset.by };
  base = kept.base;
  for (const section of sections()) {
    const rows = kept.mine[`rows-${section.dataset.section}`] ?? [];
    rowsOf(section).filter((row) => !rows.includes(row.dataset.row)).forEach((row) => row.remove());
    rows.filter((id) => !rowOf(id)).forEach((id) => addRow(section, id));
    number(section);
  }
  for (const control of form.elements) {
    if (control.name.startsWith("q-")) put(control.name, kept.mine[control.name] ?? []);
  }
  meet(now);
  if (!held) say("前回、保存できていなかった入力を戻しました。まもなく保存します。");
}

form.addEventListener("submit", rearrange);
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (sending) {
    event.preventDefault();
    pressed = event.submitter;
  }
  if (!held) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.querySelector(".ws-conflict button").focus();
});
form.addEventListener("input", typed);
addEventListener("online", send);
restore();
conditions();
