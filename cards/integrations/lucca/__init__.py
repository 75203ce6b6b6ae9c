"""The Lucca integration.

Read its modules in this order: models, plan, reconcile, connect, read, apply, sync, tasks, forms, views.
"""
