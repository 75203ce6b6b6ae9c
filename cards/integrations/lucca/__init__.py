"""The Lucca integration.

Read its modules in this order: models, plan, reconcile and grouping, connect, sides, read, prepare, apply, sync, tasks,
then what the pages show (directory, departments, counters, words), forms and views.
"""
