// One map on a canvas: where its points are, which of them are at a place, and how they are drawn.
const PALETTE = ["#3b82c4", "#e0692a", "#1a9c77", "#cc6ba6", "#d99a1c", "#56b4e9", "#8d6bd1", "#a7a01c", "#b0574a",
  "#8a8a8a", "#7cb342", "#d64570"];
const RAMP = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];  // viridis
const GRID = 4095, MARGIN = 16, STEPS = 24, STAMPED = 8000;

function categoryColour(number) {
  return PALETTE[number] || `hsl(${(number * 137.5) % 360} 55% 52%)`;
}

function rampColour(share) {
  const place = Math.min(share, .9999) * (RAMP.length - 1), low = Math.floor(place);
  const mixed = RAMP[low].map((value, channel) => value + (RAMP[low + 1][channel] - value) * (place - low));
  return `rgb(${mixed.map(Math.round).join(" ")})`;
}

/** A colour as a pixel of a bitmap. */
function pixelOf(colour, alpha) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

class Chart {
  /** canvas: its element; points: x, y, x, y ... on the grid. */
  constructor(canvas, points) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.points = Float32Array.from(points);
    this.x = new Float32Array(points.length / 2);
    this.y = new Float32Array(points.length / 2);
    this.sprites = new Map();
    this.order = null;
    this.whole();
  }

  whole() {
    this.zoom = 1;
    this.middle = [GRID / 2, GRID / 2];
  }

  /** Fits the bitmap to the element. */
  resize() {
    this.ratio = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    this.sprites.clear();
  }

  get scale() {
    return (Math.min(this.width, this.height) - 2 * MARGIN) / GRID * this.zoom;
  }

  get radius() {
    const base = userCount > 8000 ? 1.8 : userCount > 2000 ? 2.6 : 4;
    return Math.min(9, base * Math.pow(this.zoom, .4));
  }

  /** Changes the zoom so that the place (x, y) of the canvas stays where it is. */
  zoomAt(factor, x = this.width / 2, y = this.height / 2) {
    const before = this.scale, right = x - this.width / 2, down = y - this.height / 2;
    this.zoom = Math.min(60, Math.max(.6, this.zoom * factor));
    this.middle[0] += right / before - right / this.scale;
    this.middle[1] -= down / before - down / this.scale;
  }

  pan(right, down) {
    this.middle[0] -= right / this.scale;
    this.middle[1] += down / this.scale;
  }

  /** Computes where each point is on the canvas. */
  place() {
    const scale = this.scale, left = this.width / 2 - this.middle[0] * scale;
    const top = this.height / 2 + this.middle[1] * scale;
    for (let user = 0; user < userCount; user++) {
      this.x[user] = left + this.points[2 * user] * scale;
      this.y[user] = top - this.points[2 * user + 1] * scale;
    }
  }

  /** The user nearest to a place, at most `reach` pixels away; -1 where there is none. */
  nearest(x, y, reach) {
    let best = -1, least = reach * reach;
    for (let user = 0; user < userCount; user++) {
      const distance = (this.x[user] - x) ** 2 + (this.y[user] - y) ** 2;
      if (distance < least) [best, least] = [user, distance];
    }
    return best;
  }

  /** The users inside a polygon [[x, y], ...] of the canvas, by the even-odd rule. */
  inside(polygon) {
    return range(userCount).filter(user => {
      const x = this.x[user], y = this.y[user];
      let odd = false;
      for (let one = 0, other = polygon.length - 1; one < polygon.length; other = one++) {
        const [ax, ay] = polygon[one], [bx, by] = polygon[other];
        if ((ay > y) !== (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) odd = !odd;
      }
      return odd;
    });
  }

  /** The picture of a point, made once for each colour and size. */
  sprite(colour, radius) {
    const key = colour + radius.toFixed(1);
    if (!this.sprites.has(key)) {
      if (this.sprites.size > 600) this.sprites.clear();
      const size = Math.ceil((2 * radius + 2) * this.ratio), dot = document.createElement("canvas");
      dot.width = dot.height = size;
      const pen = dot.getContext("2d");
      pen.scale(this.ratio, this.ratio);
      pen.beginPath();
      pen.arc(radius + 1, radius + 1, radius, 0, 2 * Math.PI);
      pen.fillStyle = colour;
      pen.fill();
      pen.lineWidth = .6;
      pen.strokeStyle = this.theme.paper;
      if (radius > 2.4) pen.stroke();
      this.sprites.set(key, dot);
    }
    return this.sprites.get(key);
  }

  /** Draws the map of a state once; no element of the page is read or changed. */
  draw(state, theme) {
    if (this.theme !== theme) this.sprites.clear();
    this.theme = theme;
    this.place();
    const pen = this.pen;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (userCount > STAMPED) {
      this.stamp(state);
    } else if (state.selected.length) {
      pen.globalAlpha = .18;
      this.drawPoints(state, state.order, user => !state.isSelected[user]);
      pen.globalAlpha = 1;
      this.drawPoints(state, state.order, user => state.isSelected[user]);
    } else {
      pen.globalAlpha = .92;
      this.drawPoints(state, state.order, () => true);
      pen.globalAlpha = 1;
    }
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.drawLabels(state.labels[this.canvas.id]);
    this.drawMarks(state);
  }

  /** Writes many points into a bitmap pixel by pixel: as many calls of the canvas take too long for a frame. */
  stamp(state) {
    const {width, height} = this.canvas, {ratio} = this, any = state.selected.length > 0;
    if (!width || !height) return;
    if (!this.image || this.image.width !== width || this.image.height !== height) {
      this.image = this.pen.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.pixels.fill(0);
    const half = Math.max(1, Math.round(this.radius * ratio));
    const spans = range(2 * half + 1).map(row => Math.round(Math.sqrt(half * half - (row - half) ** 2)));
    for (const pass of any ? [0, 1] : [1]) {
      const inks = state.colours.map(colour => pixelOf(colour, pass ? 235 : 46));
      for (const user of state.order) {
        if (any && state.isSelected[user] !== pass) continue;
        const x = Math.round(this.x[user] * ratio), y = Math.round(this.y[user] * ratio);
        if (x < half || y < half || x >= width - half || y >= height - half) continue;
        const ink = inks[state.colourOf[user]];
        for (let row = 0; row < spans.length; row++) {
          const middle = (y + row - half) * width + x;
          for (let pixel = middle - spans[row]; pixel <= middle + spans[row]; pixel++) this.pixels[pixel] = ink;
        }
      }
    }
    this.pen.putImageData(this.image, 0, 0);
  }

  drawPoints(state, order, shown) {
    const radius = this.radius, ratio = this.ratio, half = (radius + 1) * ratio;
    const sprites = state.colours.map(colour => this.sprite(colour, radius));
    for (let place = 0; place < order.length; place++) {
      const user = order[place], x = this.x[user], y = this.y[user];
      if (x > -9 && y > -9 && x < this.width + 9 && y < this.height + 9 && shown(user)) {
        this.pen.drawImage(sprites[state.colourOf[user]], Math.round(x * ratio - half), Math.round(y * ratio - half));
      }
    }
  }

  /** Where a place of the grid is on the canvas. */
  at([right, up]) {
    return [this.width / 2 + (right - this.middle[0]) * this.scale, this.height / 2 - (up - this.middle[1]) * this.scale];
  }

  drawLabels(labels) {
    const pen = this.pen;
    pen.font = LABEL_FONT;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = this.theme.paper;
    pen.fillStyle = this.theme.ink;
    for (const {text, x, y} of placed(labels, this)) {
      pen.strokeText(text, x, y);
      pen.fillText(text, x, y);
    }
  }

  /** Draws the neighbours of the opened user, rings, and the outline that is being drawn. */
  drawMarks(state) {
    const pen = this.pen, {ink, accent} = this.theme;
    if (state.opened >= 0) {
      pen.lineWidth = 1.5;
      pen.strokeStyle = accent;
      for (const other of content.near[state.opened]) {
        pen.beginPath();
        pen.moveTo(this.x[state.opened], this.y[state.opened]);
        pen.lineTo(this.x[other], this.y[other]);
        pen.stroke();
        this.ring(other, accent, 2);
      }
      this.ring(state.opened, accent, 5);
    }
    if (state.hovered >= 0) this.ring(state.hovered, ink, 4);
    if (state.outline && state.outline.chart === this && state.outline.polygon.length > 1) {
      pen.beginPath();
      state.outline.polygon.forEach(([x, y]) => pen.lineTo(x, y));
      pen.closePath();
      pen.lineWidth = 1.5;
      pen.strokeStyle = ink;
      pen.setLineDash([5, 4]);
      pen.stroke();
      pen.setLineDash([]);
    }
  }

  ring(user, colour, gap) {
    this.pen.beginPath();
    this.pen.arc(this.x[user], this.y[user], this.radius + gap, 0, 2 * Math.PI);
    this.pen.lineWidth = 2;
    this.pen.strokeStyle = colour;
    this.pen.stroke();
  }
}
