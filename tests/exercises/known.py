"""What is known to be wrong with checks today. Each list is compared exactly: whoever mends a check strikes it here."""

# Right answers in forms that the check does not take yet: exercise -> forms.
REFUSED: dict[str, set[str]] = {
    "03.6": {"array", "float32", "tensor", "tensor with a gradient", "torch", "torch Parameter", "torch float32"},
    "05.5": {"float32", "torch float32"},
}

# Exercises answered by something that their notebook has typed before: exercise -> names.
ANSWERED_BY_THE_NOTEBOOK: dict[str, set[str]] = {
    "02.2": {"determinant"},
    "02.6": {"is_linear"},
    "03.3": {"perceptron"},
    "04.4": {"forward"},
    "06.1": {"best"},
    "07.2": {"huber"},
    "07.4": {"cross_entropy"},
    "07.5": {"cross_entropy_gradient"},
    "08.1": {"count_updates"},
    "09.5": {"bias2_and_variance"},
    "09.6": {"stop_early"},
    "10.1": {"output_side"},
    "12.4": {"cosine"},
    "13.1": {"weights"},
    "15.4": {"speedup"},
}

# Exercises for which a function that returns one value for ever passes.
CONSTANT_PASSES: dict[str, set[str]] = {
    "14.5": {"what the first call wants", "what the last call wants"},
    "14.6": {"what the first call wants", "what the last call wants"},
    "14.7": {"what the first call wants", "what the last call wants"},
}

# Exercises that the solution of another exercise answers: exercise -> others.
OTHERS_PASS: dict[str, set[str]] = {}

# Hints that are the solution, or nearly: exercise -> numbers of the hints.
GIVEN_AWAY: dict[str, set[int]] = {
    "14.2": {3},
    "15.4": {3},
    "15.5": {3},
    "15.6": {3},
    "15.7": {3},
    "16.1": {3},
    "16.2": {3},
    "16.3": {3},
    "16.4": {3},
}

# Quiz questions whose feedback begins with a verdict although the mark before it says so: chapter -> numbers.
VERDICT_TWICE: dict[str, set[int]] = {}

# In how many of all questions the right option is the longest one, and in how many it may be.
LONGEST_IS_RIGHT, LONGEST_MAY_BE_RIGHT = 43, 0.45  # struck when the share is small enough
