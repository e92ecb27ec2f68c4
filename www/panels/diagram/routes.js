// Where the wires of the diagram run, from the boxes of its parts. All functions are stateless.

/** @typedef {{x: number, y: number, width: number, height: number}} Box in CSS pixels */
/** @typedef {[number, number]} Point */
/**
 * A wire: straight pieces through points, or a curve between two. `to`: the direction in which its arrow points.
 * @typedef {{name: string, points: Point[], curved?: boolean, to: "right" | "left" | "up" | "down"}} Wire
 */

/** Length of an arrow's head in pixels. */
const HEAD = 7;
/** Distance of the lanes under the parts, in pixels. */
const LANE = 6;

/** The place at a share of a box's width and height. @param {Box} box @param {number} x @param {number} y @returns {Point} */
const at = (box, x, y) => [box.x + x * box.width, box.y + y * box.height];

/** Whether a box lies wholly at the left of another. @param {Box} a @param {Box} b */
const leftOf = (a, b) => a.x + a.width <= b.x;

/** A level arrow between two boxes beside each other, at the height of the lower one's middle. @param {string} name @param {Box} a @param {Box} b @param {number} y @returns {Wire} */
const level = (name, a, b, y) => ({
  name,
  points: [
    [a.x + a.width, y],
    [b.x, y],
  ],
  to: "right",
});

const middle = (/** @type {Box} */ { y, height }) => y + height / 2;

/**
 * The wires between the parts that there are: forward in the order of the computation, then the gradients' way back.
 * Where the parts stand in two short rows, as on a phone, there is no room for the way back.
 * @param {Record<string, Box>} boxes by part @param {boolean} conditionToD whether D receives the condition too
 * @returns {Wire[]}
 */
export function routes(boxes, conditionToD) {
  const { data, noise, generator, discriminator, loss } = boxes;
  if (!data || !noise || !generator || !discriminator || !loss) return [];
  return leftOf(discriminator, loss) ? beside(boxes, conditionToD) : rows(boxes);
}

/** @param {Record<string, Box>} boxes @param {boolean} conditionToD @returns {Wire[]} */
function beside({ data, noise, condition, generator, fake, discriminator: d, loss }, conditionToD) {
  const last = fake ?? generator;
  /** @type {Wire[]} */
  const wires = [
    level("noise", noise, generator, middle(noise)),
    ...(condition ? [level("condition", condition, generator, middle(condition))] : []),
    ...(fake ? [level("generated", generator, fake, middle(fake))] : []),
    { name: "real", points: [at(data, 1, 0.5), at(d, 0, 0.3)], curved: true, to: "right" },
    { name: "fake", points: [at(last, 1, 0.5), at(d, 0, 0.7)], curved: true, to: "right" },
    level("d-real", d, loss, d.y + 0.25 * d.height),
    level("d-fake", d, loss, d.y + 0.5 * d.height),
    { name: "to-discriminator", points: [at(loss, 0, 0.8), [d.x + d.width, loss.y + 0.8 * loss.height]], to: "left" },
  ];
  const floor = Math.max(...[data, noise, generator, d, loss].map((box) => box.y + box.height));
  if (condition && conditionToD) {
    const y = floor + LANE;
    const x = condition.x + condition.width + LANE;
    wires.push({
      name: "condition-to-d",
      points: [[x, middle(condition)], [x, y], [d.x + 0.2 * d.width, y], at(d, 0.2, 1)],
      to: "up",
    });
  }
  const lane = floor + 2 * LANE;
  wires.push({
    name: "to-generator",
    points: [
      at(loss, 0.12, 1),
      [loss.x + 0.12 * loss.width, lane],
      [generator.x + generator.width / 2, lane],
      at(generator, 0.5, 1),
    ],
    to: "up",
  });
  return wires;
}

/** @param {Record<string, Box>} boxes @returns {Wire[]} */
function rows({ data, noise, condition, generator, discriminator, loss }) {
  const gap = (data.y + data.height + discriminator.y) / 2;
  const enters = at(discriminator, 0.3, 0);
  return [
    level("noise", condition ?? noise, generator, middle(generator)),
    level("fake", generator, discriminator, middle(generator)),
    {
      name: "real",
      points: [at(data, 0.8, 1), [data.x + 0.8 * data.width, gap], [enters[0], gap], enters],
      to: "down",
    },
    {
      name: "d-real",
      points: [at(discriminator, 0.7, 0), [discriminator.x + 0.7 * discriminator.width, loss.y + loss.height]],
      to: "up",
    },
  ];
}

/** Where a wire's line ends: at the foot of its arrow's head. @param {Wire} wire @returns {Point} */
function footOf({ points, to }) {
  const [x, y] = points[points.length - 1];
  if (to === "right") return [x - HEAD, y];
  if (to === "left") return [x + HEAD, y];
  return [x, to === "up" ? y + HEAD : y - HEAD];
}

const text = (/** @type {Point} */ [x, y]) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;

/** The line of a wire as an SVG path. @param {Wire} wire */
export function lineOf(wire) {
  const points = [...wire.points.slice(0, -1), footOf(wire)];
  if (!wire.curved) return `M${points.map(text).join("L")}`;
  const [[ax, ay], [bx, by]] = points;
  const [mx, my] = [(ax + bx) / 2, (ay + by) / 2];
  const [first, second] =
    wire.to === "right"
      ? [
          [mx, ay],
          [mx, by],
        ]
      : [
          [ax, my],
          [bx, my],
        ];
  return `M${text([ax, ay])}C${text(/** @type {Point} */ (first))} ${text(/** @type {Point} */ (second))} ${text([bx, by])}`;
}

/** The head of a wire's arrow as an SVG path. @param {Wire} wire */
export function headOf(wire) {
  const tip = wire.points[wire.points.length - 1];
  const [x, y] = footOf(wire);
  const half = HEAD / 2;
  const upright = wire.to === "up" || wire.to === "down";
  /** @type {[Point, Point]} */
  const foot = upright
    ? [
        [x - half, y],
        [x + half, y],
      ]
    : [
        [x, y - half],
        [x, y + half],
      ];
  return `M${text(tip)}L${foot.map(text).join("L")}Z`;
}
