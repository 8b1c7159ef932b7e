"""Scenarios from and for other tools: MSEL spreadsheets, CEXF, IcebergTTX.

An import is a first draft: what it lost or guessed is listed, and every text it could not know begins with `To write:`.
"""
