// The browser's half of LiveFigure: a picture from the kernel, and over it handles that can be dragged or moved by keys.
//
// A handle follows the finger at once; the picture follows when the kernel has answered. `model.save_changes` keeps one
// message in flight and only the newest value behind it, so nothing here needs to slow a gesture down; what the newest
// does not make up for goes with it.

const SVG = "http://www.w3.org/2000/svg";
const HIT_RADIUS = 22; // CSS pixels; the smallest target that a finger meets reliably
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const LARGE_STEP = 5; // Shift + arrow
const PATH_LIMIT = 500; // points of one brush stroke that are sent

function element(parent, name, attributes = {}, namespace = null) {
  const node = namespace ? document.createElementNS(namespace, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.append(node);
  return node;
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** Data coordinates <-> CSS pixels of the picture, for axes with linear scales. */
function pixelOf({ box, xlim, ylim }, [x, y]) {
  return [
    box[0] + ((x - xlim[0]) / (xlim[1] - xlim[0])) * box[2],
    box[1] + (1 - (y - ylim[0]) / (ylim[1] - ylim[0])) * box[3],
  ];
}

function dataOf({ box, xlim, ylim }, [px, py]) {
  return [
    xlim[0] + ((px - box[0]) / box[2]) * (xlim[1] - xlim[0]),
    ylim[0] + (1 - (py - box[1]) / box[3]) * (ylim[1] - ylim[0]),
  ];
}

/** The two ends of the part of a line, through `position` along spec.direction, that lies inside the axes. */
function lineInside({ xlim, ylim, direction }, position) {
  let [first, last] = [-Infinity, Infinity];
  [xlim, ylim].forEach(([low, high], axis) => {
    if (direction[axis] === 0) return;
    const ends = [low, high].map((edge) => (edge - position[axis]) / direction[axis]);
    first = Math.max(first, Math.min(...ends));
    last = Math.min(last, Math.max(...ends));
  });
  if (!(first <= last)) return [position, position]; // outside the axes altogether
  return [first, last].map((t) => [position[0] + t * direction[0], position[1] + t * direction[1]]);
}

/** One handle: its SVG group, where it is now, and what it does when moved. */
class Handle {
  constructor(parent, spec, send) {
    this.send = send;
    this.position = [spec.x, spec.y];
    this.dragged = false;
    this.group = element(parent, "g", { class: "dlc-handle", tabindex: "0", role: "slider" }, SVG);
    this.group.dataset.handle = spec.name;
    this.group.dataset.kind = spec.kind;
    this.group.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves our keys alone
    const shape = { line: "line", brush: "rect" }[spec.kind] ?? "circle";
    this.hit = element(this.group, shape, { class: "dlc-hit" }, SVG);
    this.shaft = spec.kind === "vector" ? element(this.group, "line", { class: "dlc-mark" }, SVG) : null;
    this.mark = element(this.group, spec.kind === "line" ? "line" : "circle", { class: "dlc-mark" }, SVG);
    this.group.addEventListener("pointerdown", (event) => this.press(event));
    this.group.addEventListener("pointermove", (event) => this.drag(event));
    this.group.addEventListener("pointerup", (event) => this.release(event));
    this.group.addEventListener("pointercancel", (event) => this.release(event));
    this.group.addEventListener("keydown", (event) => this.key(event));
    this.update(spec, true);
  }

  /**
   * Take the kernel's word for everything; for the position only when no movement of ours is unanswered. Many a lab
   * keeps no place for its brush and always names the same one: such a brush stays where it was put.
   */
  update(spec, answered) {
    const stays = spec.kind === "brush" && this.spec && this.spec.x === spec.x && this.spec.y === spec.y;
    this.spec = spec;
    if (answered && !this.dragged && !stays) this.position = [spec.x, spec.y];
    this.group.setAttribute("aria-label", spec.label);
    this.group.setAttribute("aria-valuetext", spec.text);
    this.group.setAttribute("aria-valuenow", String(Number(spec.x.toPrecision(6))));
    this.draw();
  }

  draw() {
    const { spec } = this;
    const [x, y] = pixelOf(spec, this.position);
    const set = (node, attributes) => Object.entries(attributes).forEach(([k, v]) => node.setAttribute(k, v));
    if (spec.kind === "line") {
      const [[x1, y1], [x2, y2]] = lineInside(spec, this.position).map((end) => pixelOf(spec, end));
      for (const node of [this.hit, this.mark]) set(node, { x1, y1, x2, y2 });
    } else if (spec.kind === "brush") {
      const [left, top, width, height] = spec.box;
      set(this.hit, { x: left, y: top, width, height });
      set(this.mark, { cx: x, cy: y, r: 9 });
    } else {
      set(this.hit, { cx: x, cy: y, r: HIT_RADIUS });
      set(this.mark, { cx: x, cy: y, r: 10 });
    }
    if (this.shaft) {
      const [x1, y1] = pixelOf(spec, spec.tail);
      set(this.shaft, { x1, y1, x2: x, y2: y });
    }
  }

  /** Where the handle goes when the finger is at `target`: anywhere in the axes, or for a line along its normal. */
  allowed(target) {
    const { xlim, ylim, kind } = this.spec;
    const inside = [clamp(target[0], ...xlim), clamp(target[1], ...ylim)];
    if (kind !== "line") return inside;
    const normal = this.normal();
    const along = (inside[0] - this.position[0]) * normal[0] + (inside[1] - this.position[1]) * normal[1];
    return [this.position[0] + along * normal[0], this.position[1] + along * normal[1]];
  }

  pointer(event) {
    const frame = this.group.ownerSVGElement.getBoundingClientRect();
    return dataOf(this.spec, [event.clientX - frame.left, event.clientY - frame.top]);
  }

  press(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.group.focus({ preventScroll: true });
    this.group.setPointerCapture(event.pointerId);
    this.dragged = true;
    this.group.classList.add("dlc-dragged");
    const start = this.pointer(event);
    // A handle is moved by how far the finger moved, so that it does not jump under a finger beside its centre.
    this.grip = this.spec.kind === "brush" ? [0, 0] : [this.position[0] - start[0], this.position[1] - start[1]];
    this.path = [];
    if (this.spec.kind === "brush") this.moveTo(start, false);
  }

  drag(event) {
    if (!this.dragged) return;
    const [x, y] = this.pointer(event);
    this.moveTo([x + this.grip[0], y + this.grip[1]], false);
  }

  release(event) {
    if (!this.dragged) return;
    this.dragged = false;
    this.group.classList.remove("dlc-dragged");
    const [x, y] = event.type === "pointercancel" ? this.position : this.pointer(event);
    this.moveTo(event.type === "pointercancel" ? [x, y] : [x + this.grip[0], y + this.grip[1]], true);
  }

  key(event) {
    const brush = this.spec.kind === "brush";
    const pressed = brush && (event.key === " " || event.key === "Enter");
    const arrow = ARROWS[event.key];
    if ((!arrow && !pressed) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.path = [];
    if (pressed) return this.moveTo(this.position, true);
    const size = event.shiftKey ? LARGE_STEP : 1;
    const step = this.spec.kind === "line" ? this.stepAlongNormal(arrow) : arrow.map((a, i) => a * this.spec.step[i]);
    this.moveTo([this.position[0] + size * step[0], this.position[1] + size * step[1]], true, brush);
  }

  /** A line goes one whole step to the side that the arrow points to, however slanted it is. */
  stepAlongNormal(arrow) {
    const normal = this.normal();
    const side = Math.sign(Math.round(1e6 * (arrow[0] * normal[0] + arrow[1] * normal[1])));
    return normal.map((n) => side * n * this.spec.step[0]);
  }

  normal() {
    const [x, y] = this.spec.direction;
    return [-y / Math.hypot(x, y), x / Math.hypot(x, y)];
  }

  moveTo(target, done, hover = false) {
    this.position = this.allowed(target);
    if (this.spec.kind === "brush" && !hover) {
      this.path.push(this.position);
      if (this.path.length > PATH_LIMIT) this.path.shift();
    }
    this.draw();
    this.send({ handle: this.spec.name, x: this.position[0], y: this.position[1], done, path: this.path ?? [] });
  }
}

/** ipywidgets gives the knob of a slider and the buttons of Play no name that a screen reader could say. */
function nameControls(root) {
  const box = root.closest(".widget-vbox") ?? root;
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label")?.textContent ?? "";
    slider.querySelector("[role=slider]")?.setAttribute("aria-label", label);
  }
  for (const play of box.querySelectorAll(".widget-play")) {
    ["Play or pause", "Stop"].forEach((name, i) => play.children[i]?.setAttribute("aria-label", name));
  }
}

function render({ model, el }) {
  const root = element(el, "div", { class: "dlc-live" });
  const frame = element(root, "div", { class: "dlc-frame" });
  const picture = element(frame, "img", { class: "dlc-picture", draggable: "false" });
  const overlay = element(frame, "svg", { class: "dlc-handles" }, SVG);
  const task = element(root, "p", { class: "dlc-task" });
  const verdict = element(root, "p", { class: "dlc-verdict" });
  const status = element(root, "p", { class: "dlc-status", role: "status", "aria-live": "polite" });
  const error = element(root, "p", { class: "dlc-error", role: "alert" });
  const handles = new Map();
  let address = null;

  /** The newest gesture, and before it the unanswered ones that count beside it: strokes, and moves of other handles. */
  function send(gesture) {
    const { answered = 0 } = model.get("handles");
    const { earlier = [], ...last } = model.get("gesture");
    const replaced = (old) => old.handle === gesture.handle && !(old.done && old.path.length);
    const waiting = [...earlier, last].filter((old) => old.number > answered && !replaced(old));
    model.set("gesture", { ...gesture, number: (last.number ?? 0) + 1, earlier: waiting });
    model.save_changes();
    showBusy();
  }

  /** Whether a gesture waits for its picture. A screen reader then waits with the sentence until it has come. */
  function showBusy() {
    const { answered = 0 } = model.get("handles");
    root.setAttribute("aria-busy", String(answered < (model.get("gesture").number ?? 0)));
  }

  function showPicture() {
    const bytes = model.get("picture");
    if (!bytes || bytes.byteLength === 0) return;
    const previous = address;
    address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    picture.src = address;
    if (previous) URL.revokeObjectURL(previous);
  }

  function showHandles() {
    const { specs = [], answered = 0 } = model.get("handles");
    const sent = model.get("gesture").number ?? 0;
    const names = new Set(specs.map((spec) => spec.name));
    for (const [name, handle] of handles) {
      if (names.has(name) || handle.dragged) continue;
      handle.group.remove();
      handles.delete(name);
    }
    for (const spec of specs) {
      const handle = handles.get(spec.name);
      if (handle && handle.spec.kind === spec.kind) handle.update(spec, answered >= sent);
      else handles.set(spec.name, new Handle(overlay, spec, send));
    }
    showBusy();
  }

  function showText() {
    picture.alt = model.get("alt");
    const [width, height] = model.get("size");
    frame.style.width = `${width}px`;
    frame.style.height = `${height}px`;
    task.textContent = model.get("task");
    verdict.textContent = model.get("verdict");
    status.textContent = model.get("status");
    error.textContent = model.get("error");
  }

  const listeners = { "change:picture": showPicture, "change:handles": showHandles };
  for (const name of ["alt", "size", "task", "verdict", "status", "error"]) listeners[`change:${name}`] = showText;
  for (const [event, listener] of Object.entries(listeners)) model.on(event, listener);
  showText();
  showPicture();
  showHandles();

  // A sharper screen asks for more pixels, once.
  const ratio = clamp(Math.round((window.devicePixelRatio || 1) * 2) / 2, 1, 2);
  if (ratio > model.get("pixel_ratio")) {
    model.set("pixel_ratio", ratio);
    model.save_changes();
  }

  // The controls come to the page after the picture, which has a size once it is there itself.
  const arrivals = new MutationObserver(() => nameControls(root));
  const shown = new ResizeObserver(() => {
    nameControls(root);
    arrivals.observe(root.closest(".widget-vbox") ?? root, { childList: true, subtree: true });
  });
  shown.observe(frame);

  return () => {
    shown.disconnect();
    arrivals.disconnect();
    for (const [event, listener] of Object.entries(listeners)) model.off(event, listener);
    if (address) URL.revokeObjectURL(address);
  };
}

export default { render };
