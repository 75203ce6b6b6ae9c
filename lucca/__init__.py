"""A client of Lucca's HR API: reads employees and departments, reads and writes their custom data.

It knows neither Django nor Cards, keeps no state between calls, and never puts a key or an answer's body into
an error.
"""
