"""The Lucca integration.

Read its modules in this order. An import: models, plan, reconcile and grouping, connect, sides, read, doubt, prepare,
apply, sync, slices; undo_plan and undo take it back. Statistics: codes, statistics, field_check, wanted, field_plan,
plan_push, pace, push, schedule, nights. Both are made known to the engine by tasks. Then what the pages show
(directory, departments, counters, quality, todo and the words), forms and views.
"""
