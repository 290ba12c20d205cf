"""The built pages in a stock Firefox (Debian's ESR): every widget comes alive and answers, and the console is clean."""

from __future__ import annotations

import json

import pytest

from firefox import Firefox
from site_server import pages
from tools import ROOT, find_firefox

REGISTER = json.loads((ROOT / "conv_lib" / "widgets" / "js" / "widgets.json").read_text("utf-8"))

# Brings every widget of a page into view and works its first control: gives what did not come alive or answer.
WORK = """async () => {
  const settle = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const wrong = [], seen = [];
  const late = Date.now() + 30000;
  while (document.querySelector(".cb-widget:not([data-alive])") && Date.now() < late) await settle();
  for (const el of document.querySelectorAll(".cb-widget")) {
    const name = `${el.dataset.widget} ${el.dataset.name}`;
    if (!el.dataset.alive) { wrong.push(`${name} is not alive`); continue; }
    const before = () => el.innerHTML + [...el.querySelectorAll("input")].map(i => i.value + i.checked) + location.hash;
    const was = before();
    const options = [...el.querySelectorAll("input[type=radio], input[type=checkbox]")];
    const radio = options.find(r => !r.checked && !r.disabled);
    const stepper = [...el.querySelectorAll(".cb-stepper button:last-child")].find(b => !b.disabled);
    const select = [...el.querySelectorAll("select")].find(s => s.options.length > 1);
    const text = el.querySelector("input[type=text]:not([role=spinbutton]), input[type=search], textarea");
    if (stepper) stepper.click();
    else if (radio) radio.click();
    else if (select) {
      select.value = [...select.options].find(o => !o.selected).value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (text) {
      text.value = "3";
      text.dispatchEvent(new InputEvent("input", { bubbles: true }));
    } else { wrong.push(`${name} has no control`); continue; }
    await settle();
    await settle();
    if (before() === was) wrong.push(`${name} does not answer`);
    if (/\\bNaN\\b|\\bundefined\\b|\\[object/.test(el.textContent)) wrong.push(`${name} shows no number`);
    if (el.getBoundingClientRect().right > innerWidth + 1) wrong.push(`${name} runs over the edge`);
    seen.push(el.dataset.widget);
  }
  return { wrong, seen };
}"""


@pytest.fixture(scope="module")
def firefox():
    program = find_firefox()
    if program is None:
        pytest.fail("no Firefox: run `make test`, which gets one where it can (Debian: apt-get install firefox-esr)")
    browser = Firefox(program)
    yield browser
    browser.close()


def test_every_widget_comes_alive_and_answers(firefox, site_url) -> None:
    wrong, seen = [], set()
    for address in pages():
        firefox.open(f"{site_url}/{address}")
        found = firefox.run(WORK)
        seen |= set(found["seen"])
        wrong += [f"{address}: {said}" for said in [*found["wrong"], *firefox.complaints(site_url)]]
    assert not wrong, "\n".join(wrong)
    assert seen == set(REGISTER)
