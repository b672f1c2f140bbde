// What a page gains where JavaScript runs; every page works without it. No markup is made here: a policy forbids innerHTML.

const RELEASE_AFTER = 8000; // ms: a download by POST leaves the page standing

function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), RELEASE_AFTER);
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[type=submit][aria-disabled]")) button.removeAttribute("aria-disabled");
}

async function copy(button) {
  const words = button.querySelector("span");
  const before = words.textContent;
  await navigator.clipboard.writeText(button.dataset.copy);
  words.textContent = button.dataset.done;
  setTimeout(() => { words.textContent = before; }, 3000);
}

document.addEventListener("submit", sendOnce);
// Coming back with the browser's Back shows the page as it was left: let it be sent again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard; // absent where the page is not served over TLS
  button.addEventListener("click", () => copy(button));
}

document.querySelector("[data-focus]")?.focus();
