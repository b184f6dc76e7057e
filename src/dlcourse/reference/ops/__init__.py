"""The differentiable operations, each a Function with forward and backward beside each other.

In the formulas, g is the gradient that arrives (d loss / d output) and the values returned are d loss / d input.
"""
