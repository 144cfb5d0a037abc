"""Chromium, headless, in an empty profile, driven by ChromeDriver; it can reach nothing but this machine."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1200,1600",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
PATIENCE_S = 20.0
ARRIVED = "return performance.timeOrigin !== arguments[0] && document.readyState === 'complete'"
TEXTS = """
return [...document.querySelectorAll(arguments[0])].map(each => (each.innerText || '').trim())
"""
DRAWN = """
const [done] = arguments
const look = () => {
    const charts = [...document.querySelectorAll('.dashboard-card-chart')]
    if (document.readyState === 'complete' && charts.every(chart => chart.querySelector('svg .mark-group')))
        done(charts.length ? performance.now() : performance.getEntriesByType('navigation')[0].loadEventStart)
    else setTimeout(look, 5)
}
look()
"""


@dataclass
class Reader:
    """A person at the browser; keeps what went wrong on the pages, and whom they asked."""

    driver: webdriver.Chrome
    faults: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def opens(self, url: str) -> None:
        """Go to a page."""
        self.driver.get(url)
        self.looks()

    def follows(self, selector: str) -> None:
        """Click on what the selector finds first."""
        self.leaves(self.driver.find_element(By.CSS_SELECTOR, selector).click)

    def follows_text(self, text: str) -> None:
        """Click on the link of these words."""
        self.leaves(self.driver.find_element(By.LINK_TEXT, text).click)

    def chooses(self, selector: str, text: str) -> None:
        """Choose an entry of a list."""
        Select(self.driver.find_element(By.CSS_SELECTOR, selector)).select_by_visible_text(text)

    def types(self, selector: str, text: str) -> None:
        """Fill in a field and send its form."""
        box = self.driver.find_element(By.CSS_SELECTOR, selector)
        box.send_keys(text)
        self.leaves(box.submit)

    def goes_back(self) -> None:
        """Go back by one page."""
        self.leaves(self.driver.back)

    def sees(self, selector: str) -> list[str]:
        """Return the text of each element, once there is one; all at once, as a chart may be drawn anew meanwhile."""
        waiting = WebDriverWait(self.driver, PATIENCE_S, ignored_exceptions=[WebDriverException])
        texts: list[str] = waiting.until(lambda it: it.execute_script(TEXTS, selector))
        return texts

    def leaves(self, act: Callable[[], object]) -> None:
        """Do what leads to another page, and wait until that is there; a click returns before."""
        before = self.asks("return performance.timeOrigin")
        act()
        waiting = WebDriverWait(self.driver, PATIENCE_S, ignored_exceptions=[WebDriverException])
        waiting.until(lambda it: it.execute_script(ARRIVED, before))
        self.looks()

    def asks(self, script: str) -> Any:
        """Return what a script returns."""
        return self.driver.execute_script(script)

    def waits_for(self, script: str, *arguments: object) -> Any:
        """Return what a script hands to its last argument, which it calls when it is done."""
        return self.driver.execute_async_script(script, *arguments)

    def waits_until_drawn(self, url: str) -> float:
        """Go to a page; return the milliseconds until it was there, with a drawing in each of its charts."""
        self.driver.get(url)
        return float(self.waits_for(DRAWN))

    def looks(self) -> None:
        """Note what the page's console complains of, and whom it asked."""
        self.faults += [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                parts = urlsplit(message["params"]["request"]["url"])
                if parts.scheme not in ("data", "chrome", "about") and parts.hostname != "127.0.0.1":
                    self.strangers.append(parts.geturl())


@contextmanager
def reader(profile: Path) -> Iterator[Reader]:
    """Open a browser; skip the test where there is none, or fail it under SCRAPER_BROWSER=1."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        missing = "no browser: apt-get install chromium chromium-driver"
        if os.environ.get("SCRAPER_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    try:
        yield Reader(driver)
    finally:
        driver.quit()
