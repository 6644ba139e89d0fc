"""The outside world on a laptop: one ASGI app that speaks the HTTP of every outside service.

The HTTP is that of ``docs/outside-world.md``.
Everything in it is invented and in memory. Anybody who reaches it can read codes and pass face checks: it is for one
machine, never for a city. Imports nothing of the house.
"""
