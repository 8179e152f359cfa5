"""A small part of the package `schedule`: jobs at intervals, and every day at a time."""

import datetime

import lab_note

lab_note.stand_in("schedule", None)

jobs = []


class CancelJob:
    pass


class Job:
    def __init__(self, interval):
        self.interval = interval
        self.unit = None
        self.at_time = None
        self.function = None
        self.next_run = None

    def __getattr__(self, name):
        unit = name if name.endswith("s") else f"{name}s"
        if unit not in ("seconds", "minutes", "hours", "days", "weeks"):
            raise AttributeError(f"{name} is not in this stand-in for schedule")
        self.unit = unit
        return self

    def at(self, time):
        parts = [int(part) for part in time.split(":")]
        self.at_time = datetime.time(*parts) if self.unit == "days" else parts[-1]
        return self

    def do(self, function, *args, **options):
        self.function = lambda: function(*args, **options)
        jobs.append(self)
        self._plan()
        return self

    def _plan(self):
        now = datetime.datetime.now()
        self.next_run = now + datetime.timedelta(**{self.unit: self.interval})
        if isinstance(self.at_time, datetime.time):
            today = datetime.datetime.combine(now.date(), self.at_time)
            self.next_run = today if today > now else today + datetime.timedelta(days=self.interval)

    def run(self):
        result = self.function()
        if isinstance(result, CancelJob) or result is CancelJob:
            cancel_job(self)
        else:
            self._plan()


def every(interval=1):
    return Job(interval)


def run_pending():
    now = datetime.datetime.now()
    due = [job for job in jobs if job.next_run <= now]
    for job in sorted(due, key=lambda job: job.next_run):
        job.run()


def run_all(*_):
    for job in list(jobs):
        job.run()


def cancel_job(job):
    if job in jobs:
        jobs.remove(job)


def clear(*_):
    jobs.clear()


def idle_seconds():
    if not jobs:
        return None
    return (min(job.next_run for job in jobs) - datetime.datetime.now()).total_seconds()
