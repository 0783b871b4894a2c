"""The parts of a card that every dialect has, one file a part: how its numbers, names, tables and sentences are read.

A dialect says where to look and how precisely its numbers were printed; a part says how what stands there is read.
"""
