"""A report as a mail: the page, and a text for those who read no HTML."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

from scraper.browse.reading import web_address
from scraper.report.page import Report, page


def message(report: Report, to: str) -> bytes:
    """Return a whole message to one address, or several joined by commas, fit for `sendmail -t`."""
    mail = EmailMessage(policy=SMTP)
    mail["To"] = to
    mail["Subject"] = f"{report.title}: {report.sums}"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
    mail.set_content("\n".join(_lines(report)) + "\n")
    mail.add_alternative(page(report), subtype="html")
    return mail.as_bytes().replace(b"\r\n", b"\n")  # what sendmail reads has the ends of lines of its system


def _lines(report: Report) -> Iterator[str]:
    yield from (report.title, report.sums, "")
    for line in report.lines:
        change = f"{line.change:+.2f}%" if line.moves else "unchanged"
        yield f"{line.label}  {line.seen[-1].text}  {change}  {line.source}"
    for title, rows in (("Edited", [edit.row for edit in report.edits]), ("Withdrawn", report.digest.withdrawn),
                        ("Stories", report.digest.stories)):
        if rows:
            yield from ("", f"{title}:")
            yield from (f"- {row['headline']} ({row['outlet']})\n  {web_address(row['url']) or ''}" for row in rows)
