"""Make the pictures of the README from the demo's archive, with chromium and chromedriver (Debian: chromium-driver).

    python bench/screenshots.py [docs/images]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

sys.path.insert(0, str(Path(__file__).parent))

from browse import served

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
SETTLING_S = 1.0  # until what was drawn stands still
PAIR = quote("ORK/USD (silkroad-times)")


def main(folder: Path) -> None:
    """Run the demo, serve its archive, and write one picture a page."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as work:
        db, report = Path(work) / "demo" / "news.db", Path(work) / "report.html"
        scraper(work, "demo")
        scraper(work, "-d", str(db), "report", "--since", "2025-10-06", "--until", "2025-10-09", "-o", str(report))
        browser = chromium(Path(work) / "profile")
        try:
            with served(db) as (home, _):
                shoot(browser, f"{home}/", folder / "front.png", (820, 640))
                browser.find_element(By.LINK_TEXT, "edited").click()
                shoot(browser, browser.current_url, folder / "versions.png", (820, 640))
                rates = f"{home}/-/dashboards/rates?pair={PAIR}"
                shoot(browser, rates, folder / "rates.png", (820, 700), "svg .mark-group")
                shoot(browser, report.as_uri(), folder / "report.png", (820, 760))
        finally:
            browser.quit()


def scraper(folder: str, *args: str) -> None:
    """Run a command in a folder, in silence."""
    subprocess.run([sys.executable, "-m", "scraper", "-q", *args], cwd=folder, stdout=subprocess.DEVNULL, check=True)


def chromium(profile: Path) -> webdriver.Chrome:
    """Open a browser with a profile of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or ""))


def shoot(
    browser: webdriver.Chrome, url: str, file: Path, size: tuple[int, int], drawn: str = "body"
) -> None:
    """Write a picture of the upper part of a page, once what the selector finds is there."""
    width, height = size
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(url)
    WebDriverWait(browser, 20).until(lambda it: it.find_elements(By.CSS_SELECTOR, drawn))
    time.sleep(SETTLING_S)
    browser.save_screenshot(str(file))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/images"))
    main(parser.parse_args().folder)
