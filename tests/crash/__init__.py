"""The crash proof of digests (D-01 to D-08, D-13, D-16). To be read in this order:

office.py          the readers, and what happens while everything runs; what must come of it, as sets
sink.py            the mail server that fails; its log is the ground truth
starter.py         where real planner and worker processes come from
crew.py            five workers and two planners: killed, paused, started again
proof.py           one run: the storm, the calm, the reckoning
check.py           every promise, held against the log
mutants.py         processes with one function replaced, which the proof must find
__main__.py        `make crash`: all of it on both databases, and the tables; demonstration.py: 10,000 readers
"""
