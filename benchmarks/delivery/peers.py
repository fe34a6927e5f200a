"""What ours is measured beside. Each sends mails of the same size over connections that it keeps."""

from __future__ import annotations

import os
import resource
import smtplib
import subprocess
import sys
import time
from pathlib import Path

from runs import Run
from sinks import Sink, program

SIZE = 20_800  # bytes of a mail
LINE = "The office supported three local communities this week; a school roof was repaired.\r\n"


def own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class SmtpSource:
    """Postfix's load generator: ten sessions, connections kept, no bookkeeping."""

    name = "smtp-source"

    def __init__(self, mails: int) -> None:
        self.mails = mails

    def run(self, sink: Sink) -> Run:
        line = [program("smtp-source"), "-s", "10", "-d", "-l", str(SIZE), "-m", str(self.mails)]
        line.append(f"127.0.0.1:{sink.port}")
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(line, check=True, capture_output=True)
        seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        sink.count()
        cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        return Run(self.mails / seconds, cpu / self.mails * 1e6)


class Smtplib:
    """The standard library: one connection, reused, for messages that are ready as bytes."""

    name = "smtplib"

    def __init__(self, mails: int) -> None:
        self.mails = mails
        self.body = ("Subject: News of the day\r\n\r\n" + LINE * (SIZE // len(LINE))).encode()

    def run(self, sink: Sink) -> Run:
        with smtplib.SMTP("127.0.0.1", sink.port, "example.org") as smtp:
            cpu, begun = own_cpu(), time.perf_counter()
            for n in range(self.mails):
                smtp.sendmail("press@example.org", f"reader-{n}@example.org", self.body)
            seconds, cpu = time.perf_counter() - begun, own_cpu() - cpu
        sink.count()
        return Run(self.mails / seconds, cpu / self.mails * 1e6)


class Django:
    """Django's send_messages over one connection, which builds each mail from its text and its HTML."""

    name = "Django"

    def __init__(self, mails: int) -> None:
        self.mails = mails
        installed()
        from django.conf import settings

        if not settings.configured:
            settings.configure(EMAIL_USE_LOCALTIME=False, DEFAULT_CHARSET="utf-8", USE_TZ=True)

    def run(self, sink: Sink) -> Run:
        from django.core.mail import EmailMultiAlternatives, get_connection

        backend = "django.core.mail.backends.smtp.EmailBackend"
        connection = get_connection(backend, host="127.0.0.1", port=sink.port, use_tls=False, username="", password="")
        half = LINE * (SIZE // len(LINE) // 2)
        cpu, begun = own_cpu(), time.perf_counter()
        mails = []
        for n in range(self.mails):
            one = EmailMultiAlternatives("News", f"For {n}\n{half}", "press@example.org", [f"reader-{n}@example.org"])
            one.attach_alternative(f"<p>For {n}</p>{half}", "text/html")
            mails.append(one)
        connection.send_messages(mails)
        seconds, cpu = time.perf_counter() - begun, own_cpu() - cpu
        sink.count()
        return Run(self.mails / seconds, cpu / self.mails * 1e6)


def installed() -> None:
    """Django and a PostgreSQL to measure against, put into the environment that runs this when they are not there."""
    try:
        import django
    except ImportError:
        wanted = Path(__file__).resolve().parents[1] / "requirements.txt"
        line = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted)]
        print(f"installing {wanted}", file=sys.stderr)
        subprocess.run(line, check=True, env=dict(os.environ))
        import django
    assert django.VERSION >= (5, 2)
