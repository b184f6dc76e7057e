"""GraphLab, the engine's own graph with both passes: walked, computed step by step, laid out, put in words."""

from dlcourse.labs.graph.lab import GraphLab, GraphState, compute_graph

__all__ = ["GraphLab", "GraphState", "compute_graph"]
