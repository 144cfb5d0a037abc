"""`schedule`: what to put into a crontab or into systemd, so that the harvest runs by itself."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from scraper.cli.context import Context

_EVERY = re.compile(r"(\d+)\s*(m|min|minutes?|h|hours?|d|days?)")
_PAST = 7  # minutes past the hour: at the full hour everybody's jobs start
_NIGHT = 4  # hour of a daily run
_SHARED = (Path("/tmp"), Path("/var/tmp"))  # a unit with a /tmp of its own would not see an archive there

SERVICE = """\
# {folder}/{name}.service
[Unit]
Description=Harvest news into {db}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command}
WorkingDirectory={home}
# another run holds the archive: nothing is wrong
SuccessExitStatus=75
# SIGTERM is for the run; it ends its readers itself, within 5 seconds
KillMode=mixed
TimeoutStopSec=15
Nice=10
UMask=0022
NoNewPrivileges=yes
{private}ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={writable}
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
"""

TIMER = """\
# {folder}/{name}.timer
[Unit]
Description=Harvest news every {every}

[Timer]
OnCalendar={calendar}
RandomizedDelaySec=30
Persistent=yes

[Install]
WantedBy=timers.target
"""


@dataclass(frozen=True, slots=True)
class Every:
    """How often: a number of minutes within the hour, of hours within the day, or once a day."""

    text: str
    count: int
    unit: str

    @property
    def cron(self) -> str:
        """Return the five fields of a crontab line."""
        if self.unit == "min":
            return f"*/{self.count} * * * *" if self.count < 60 else f"{_PAST} * * * *"
        return f"{_PAST} */{self.count} * * *" if self.unit == "h" else f"{_PAST} {_NIGHT} * * *"

    @property
    def calendar(self) -> str:
        """Return systemd's OnCalendar (systemd.time, 7)."""
        if self.unit == "min":
            return f"*:0/{self.count}" if self.count < 60 else f"*:{_PAST:02}"
        return f"0/{self.count}:{_PAST:02}" if self.unit == "h" else f"{_NIGHT:02}:{_PAST:02}"


class EveryType(click.ParamType[Every]):
    name = "15min|2h|1d"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Every:
        """Read a span that cron can keep: one that divides the hour or the day."""
        match = _EVERY.fullmatch(str(value).strip().lower())
        count, unit = (int(match[1]), {"m": "min", "h": "h", "d": "d"}[match[2][0]]) if match else (0, "")
        whole = {"min": 60, "h": 24, "d": 1}.get(unit, 0)
        if not count or whole % count:
            self.fail("a span that divides the hour or the day, such as 15min, 1h, 6h or 1d", param, ctx)
        return Every(str(value), count, unit)


@click.command(short_help="Print a crontab line, or a systemd service and timer.")
@click.option("--every", type=EveryType(), default="15min", show_default=True, help="How often to harvest.")
@click.option("--systemd", is_flag=True, help="Print a service and a timer instead of a crontab line.")
@click.pass_obj
def schedule(context: Context, every: Every, systemd: bool) -> None:
    """Print what makes the harvest run by itself: a crontab line, or with --systemd a service and a timer.

    \b
    scraper schedule | crontab -          # replaces your crontab: append by hand if you have one
    scraper schedule --systemd            # two files; then: systemctl enable --now scraper.timer
    """
    command = [*program(), "-q", "-d", str(context.settings.db.absolute())]
    command += ["-c", str(context.config.absolute())] if context.config else []
    click.echo(units(every, [*command, "harvest"], context.settings.db.absolute()) if systemd
               else f"{every.cron}  {crontab_command([*command, 'harvest'])}")


def program() -> list[str]:
    """Return how this program is called, by absolute paths."""
    script = Path(sys.argv[0])
    if script.name == "scraper" and script.is_file():
        return [str(script.absolute())]
    return [sys.executable, "-m", "scraper"]


def crontab_command(words: Sequence[str]) -> str:
    """Return a command as a crontab line holds it: for the shell, and a % written as one (crontab, 5)."""
    return shlex.join(words).replace("%", r"\%")


def units(every: Every, words: Sequence[str], db: Path) -> str:
    """Return a service and a timer; each begins with a comment that names its file."""
    folder, name = "/etc/systemd/system", "scraper"
    shared = any(db.is_relative_to(place) for place in _SHARED)
    command = " ".join(_quoted(word).replace("$", "$$") for word in words)
    service = SERVICE.format(
        folder=folder, name=name, db=_unspecial(str(db)), command=command,
        home=_unspecial(str(db.parent)), writable=_quoted(str(db.parent)), private="" if shared else "PrivateTmp=yes\n",
    )
    return f"{service}\n{TIMER.format(folder=folder, name=name, every=every.text, calendar=every.calendar)}"


def _quoted(word: str) -> str:
    """Quote one word of a list (systemd.syntax, QUOTING)."""
    plain = _unspecial(word)
    if re.fullmatch(r"[\w./%$:@+-]+", plain):
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unspecial(text: str) -> str:
    return text.replace("%", "%%")
