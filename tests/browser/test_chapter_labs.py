"""Every lab in a real browser: a control moves, and the picture, the sentence and the other controls follow."""

import pytest
from playwright.sync_api import expect

IMPORT = "from dlcourse.labs import ComposedGatesLab, LearningRuleLab, LinearMapLab, PlaygroundLab, SeedsLab, XorLab"
NAND, OR, AND = "w11=-0.5, w12=-0.5, b1=0.4", "w21=0.5, w22=0.5, b2=-0.2", "v1=0.5, v2=0.5, c=-0.7"
OWN = "first='own', second='OR', output='AND', w1=-1.0, w2=-1.0, b=0.8"
ALL = "from dlcourse.labs import *\n\n"
BOWL = "landscape='bowl', log_rate=0.0, step=0"
MOVES = {  # lab: cell, slider, keys, words of the verdict and status that come with them
    "TenTangerines": (f"{ALL}TenTangerinesLab(limit=7.1)", "limit (cm)", ["ArrowLeft"] * 2, "✓ 10 of 10 right"),
    "Threshold": (f"{ALL}ThresholdLab()", "learn", ["ArrowRight"] * 3, "by 3 steps of learning"),
    "FollowPixel": (f"{ALL}FollowPixelLab()", "column", ["ArrowRight"] * 2, "row 2, column 5 is index 21"),
    "PaintDigit": (f"{ALL}PaintDigitLab()", "digit to paint", ["ArrowLeft"] * 5, "✓ 3: 100%"),
    "Layer": (f"{ALL}LayerLab(epochs=40, moment=22)", "layer", ["ArrowRight"] * 5, "✓ hidden 3: the probe"),
    "LearningRule": ("LearningRuleLab()", "Row visited", ["ArrowRight"] * 2, "Row 2 was"),
    "ComposedGates": (f"ComposedGatesLab({OWN})", "own b", ["ArrowRight"] * 4, "XOR: 4 of 4 correct"),
    "LinearMap": ("LinearMapLab(a12=0.0, a21=1.0, a22=-0.5)", "a₁₁", ["ArrowRight"] * 5, "✓ det A = −1."),
    "Xor": (f"XorLab({NAND}, {OR}, {AND})", "h₁: b", ["ArrowRight"] * 3, "XOR: 4 of 4 correct"),
    "Graph": ("from dlcourse.labs import GraphLab\n\nGraphLab()", "Step", ["ArrowRight"] * 4, "and 1.600 to x₁"),
    "Activation": ("from dlcourse.labs import *\n\nActivationLab(z=0.2)", "z", ["ArrowLeft"] * 4, "✓ Slope 0.25"),
    "Depth": ("from dlcourse.labs import *\n\nDepthLab(gain=1.22)", "weight scale", ["ArrowRight"] * 5, "both survive"),
    "SameStart": ("from dlcourse.labs import *\n\nSameStartLab()", "moment", ["ArrowRight"] * 3, "After 15"),
    "Loss": ("from dlcourse.labs import *\n\nLossLab(z1=0.6, z2=6.0)", "logit z₁", ["ArrowLeft"] * 5, "✓ The model"),
    "Accuracy": ("from dlcourse.labs import *\n\nAccuracyLab(b=-0.8)", "bias b", ["ArrowRight"] * 3, "✓ Accuracy 85%"),
    "RobustFit": ("from dlcourse.labs import *\n\nRobustFitLab(x=18, y=3.3)", "point: y", ["ArrowLeft"] * 4, "falls;"),
    "OptimizerRace": (f"{ALL}OptimizerRaceLab({BOWL})", "step", ["ArrowRight"], "At step 1 SGD and momentum are"),
    "Stability": (f"{ALL}StabilityLab(rate=2.04)", "momentum β", ["ArrowRight"] * 3, "it converges"),
    "MinibatchNoise": (f"{ALL}MinibatchNoiseLab(batch=2)", "update", ["ArrowRight"] * 3, "15 updates are 0.15 epochs"),
    "Kernel": (f"{ALL}KernelLab(divisor=2)", "k₂₁", ["ArrowRight"] * 4, "The weights add up to 2"),
    "Channels": (f"{ALL}ChannelsLab(blue=-0.8, bias=-0.1)", "times green", ["ArrowLeft"] * 10, "✓ Overlap"),
    "Shift": (f"{ALL}ShiftLab(right=5)", "move right", ["ArrowRight"] * 5, "✓ Difference: 1%"),
    "ReceptiveField": (f"{ALL}ReceptiveFieldLab(channels=2)", "maps C", ["ArrowLeft"], "26 weights"),
    "FourLevers": (f"{ALL}FourLeversLab(points=20)", "training", ["ArrowLeft"] * 2, "1,200 updates: training"),
    "GhostFits": (f"{ALL}GhostFitsLab(log_penalty=-2.5)", "log₁₀ λ", ["ArrowRight"] * 3, "✓ bias² + variance"),
    "Dropout": (f"{ALL}DropoutLab()", "masks drawn", ["ArrowRight"] * 4, "Mean of 5 masks"),
    "Unrolled": (f"{ALL}UnrolledLab()", "place", ["ArrowLeft"], "the 3 states before"),
    "Product": (f"{ALL}ProductLab(w=0.94, function='identity')", "weight w", ["ArrowRight"], "it arrives"),
    "LstmGate": (f"{ALL}LstmGateLab(forget='0', input='0', first=8)", "clamp from", ["ArrowLeft"] * 2, "steps 6 to 55"),
    "TextGradient": (f"{ALL}TextGradientLab(kind='RNN')", "place", ["ArrowLeft"], "at place 52"),
    "Transfer": (f"{ALL}TransferLab(shots=10)", "layers kept", ["ArrowRight"], "✓ Best from 10: fine-tuned, 67.7%"),
    "Forgetting": (f"{ALL}ForgettingLab(step=6)", "update", ["ArrowRight"] * 4, "After 10 updates"),
    "Bandit": (f"{ALL}BanditLab(epsilon=0.0, ucb=0.1)", "bonus c", ["ArrowRight"] * 2, "✓ Mean regret after 200"),
    "GridWorld": (f"{ALL}GridWorldLab(episode=1, step=1)", "step", ["ArrowRight"] * 2, "after 3 steps it is still"),
    "Lime": (f'{ALL}LimeLab(show="the machine\'s samples")', "sample", ["ArrowRight"] * 3, "Sample 4 of 200"),
    "StepTime": (f"{ALL}StepTimeLab()", "batch", ["ArrowRight"] * 2, "a batch of 128 on one CPU core"),
    "BitterLesson": (f"{ALL}BitterLessonLab(signals=2000, steps=6000)", "signals", ["ArrowRight"] * 2, "✓ The CNN is"),
    "Clusters": (f"{ALL}ClustersLab()", "half-step", ["ArrowRight"], "each point goes to its nearest"),
    "WordMap": (f"{ALL}WordMapLab(a='true', moment=5)", "training", ["ArrowRight"] * 2, "after 175 updates"),
    "Seeds": ("SeedsLab()", "hidden units", ["ArrowRight"], "3 hidden tanh units"),
    "Playground": ("PlaygroundLab()", "units a layer", ["ArrowRight"] * 2, "58 of 120 training points"),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_slider_moves_the_picture_and_the_sentence(run_cells, name):
    cell, slider, keys, words = MOVES[name]
    page = run_cells(f"{IMPORT}\n\n{cell}")
    lab = page.lab()
    before, said = lab.pixels(), lab.words()
    expect(page.slider(slider)).to_have_attribute("aria-label", slider)
    page.press(page.slider(slider), *keys)
    lab.wait_for_words(words)
    assert (before != lab.pixels()).any()
    assert words not in said
    assert lab.text("error") == ""


PLAY_STOPPED = """import time
play = lab.controls["tick"].play
while play.playing or lab.state.tick != play.value:
    time.sleep(0.05)
print(lab.state.tick * lab.state.epochs)"""
TEN_TICKS = "() => new Promise((done) => setTimeout(done, 10 * 120))"  # by the page's clock, which Play goes by


def test_the_playground_trains_while_it_plays_and_stops(run_cells):
    page = run_cells(f"{IMPORT}\n\nlab = PlaygroundLab(noise=0.0)\nlab")
    lab = page.lab()
    lab.press_button("Play or pause")
    lab.wait_for_text("verdict", "✓")
    lab.press_button("Play or pause")
    page.write(1, PLAY_STOPPED)
    page.run_cell(1)
    lab.wait_for_text("status", f"Epoch {page.output(1).inner_text().strip()}:")
    stopped = lab.words()
    page.page.evaluate(TEN_TICKS)
    assert lab.words() == stopped
    solved = lab.pixels()
    page.press(page.slider("moment"), "Home")  # scrubbing back needs no training
    lab.wait_for_text("status", "Epoch 0:")
    assert (lab.pixels() != solved).any()
    assert lab.text("error") == ""


def test_points_are_added_to_the_playground_by_keyboard_none_is_left_out(run_cells):
    page = run_cells(f"{IMPORT}\n\nPlaygroundLab(data='own points')")
    lab = page.lab()
    before = lab.pixels()
    page.press(lab.handle("own"), *["ArrowRight", "Space"] * 6)  # faster than the kernel answers
    lab.wait_for_words("of 6 training points")
    assert (lab.pixels() != before).any()
    assert lab.text("error") == ""


def test_dragging_the_arrow_of_a_hidden_unit_moves_its_sliders(run_cells):
    page = run_cells(f"{IMPORT}\n\nXorLab()")
    lab = page.lab()
    before = lab.pixels()
    page.press(lab.handle("h₁ tip"), "ArrowUp")
    expect(page.readout("h₁: w₁")).to_have_text("1.1")
    expect(page.readout("h₁: w₂")).to_have_text("−0.3")
    assert (lab.pixels() != before).any()
    assert lab.text("error") == ""


def test_a_quiz_is_answered_by_keyboard(run_cells):
    page = run_cells("from dlcourse.exercises import quiz\n\nquiz('03')")
    output = page.output(0)
    page.press(output.locator("input[type=radio]").nth(1), "Space")
    page.press(output.get_by_role("button", name="Answer").first, "Enter")
    output.get_by_text("✗").wait_for()
    page.press(output.locator("input[type=radio]").nth(1), "Shift+Tab", "Space")
    page.press(output.get_by_role("button", name="Answer").first, "Enter")
    output.get_by_text("✓").wait_for()
    assert "w decides the direction" in output.inner_text()
