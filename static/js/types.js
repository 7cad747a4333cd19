/**
 * The shapes that travel through the page. Names are the API's.
 *
 * @typedef {{latex: string, mathml: string}} Formula
 * @typedef {number | number[] | number[][] | number[][][]} Data
 * @typedef {object} Quantity
 * @property {number[]} shape
 * @property {string[]} axes
 * @property {Data | null} data
 * @property {Data} [thumbnail] means of blocks, where `data` was not sent
 * @property {{index: number, data: Data, non_finite?: [number, "nan" | "inf" | "-inf"][]}} [example] one example in full beside a thumbnail
 * @property {number} norm
 * @property {number} max_abs
 * @property {[number, "nan" | "inf" | "-inf"][]} [non_finite]
 *
 * @typedef {{einsum: string, operands: string[], add?: string}} EinsumRule
 * @typedef {{function: string, operands: string[], parameters: Record<string, unknown>, formula: string}} FunctionRule
 * @typedef {EinsumRule | FunctionRule} Rule
 *
 * @typedef {object} Chain
 * @property {{id: string, latex: string, mathml: string, label: string}} upstream
 * @property {{id: string | null, latex: string, mathml: string, label: string, is: Formula, written?: Formula}} local; `written` as it stands in the product where it is transposed there
 * @property {string} latex
 * @property {string} mathml
 *
 * @typedef {Formula & {rule: EinsumRule & {identity: number}, local: Formula, explanation: string}} IndexForm the honest sum over all k; `identity` stands for δ among its operands
 *
 * @typedef {object} Step
 * @property {number} index
 * @property {string} id
 * @property {"forward" | "loss" | "backward" | "update"} phase
 * @property {number} layer
 * @property {string} operation
 * @property {string} title
 * @property {string} explanation
 * @property {string} [note]
 * @property {IndexForm} [index_form]
 * @property {Formula} symbol
 * @property {Formula} equation
 * @property {Chain | null} chain
 * @property {Rule} rule
 * @property {Record<string, Quantity>} values
 *
 * @typedef {{name: string, [parameter: string]: unknown}} Named
 * @typedef {object} Problem
 * @property {{units?: number, weights: number[][] | null, bias: number[] | false | null, activation: Named}[]} layers
 * @property {Named} loss
 * @property {number[][] | null} inputs
 * @property {number[][] | number[] | null} targets
 * @property {Named} initializer
 * @property {Named | null} optimizer
 * @property {Record<string, Data>} [optimizer_state]
 *
 * @typedef {object} Start
 * @property {number[]} layer_sizes
 * @property {Problem} problem
 * @property {Record<string, Quantity>} quantities
 * @property {Record<string, Formula>} symbols
 * @property {string[]} omitted
 * @property {"row" | "column"} [convention]
 * @property {{layer: number, symbol: Formula, gradient: Formula, local: Formula}[]} [theta] Θ stands for W and b at once
 * @property {number} step_count
 * @property {string} words names all that the trace says apart from numbers
 *
 * @typedef {{loss: number | null, steps: number, gradient_norms: Record<string, number>, finite: boolean, flags: Flag[]}} End
 * @typedef {{kind: "saturated" | "dead" | "vanishing" | "exploding" | "zero" | "non_finite", quantity: string, layer: number, layers: number[], units: number[], step: number, text: string}} Flag
 * @typedef {{start: Start, steps: Step[], end: End}} RawTrace
 *
 * @typedef {{name: string, title: string, description: string}} PresetSummary
 * @typedef {PresetSummary & {source: string | null, view?: {image?: [number, number], input_names?: string[], output_names?: string[]} | null}} Preset
 *
 * @typedef {{quantity: string, entry: number[]}} Entry
 * @typedef {{quantity: string, entry: number[], value: number}} Edit one number put in place of another
 * @typedef {(Partial<Problem> & {preset?: string, edits?: Edit[], keep?: Record<string, Data>, [field: string]: unknown})} Request a problem as the API takes it
 * @typedef {{pointer: string, detail: string}} Fault
 *
 * @typedef {{name: string, default: number | string | boolean, type: "number" | "integer" | "boolean" | "string", choices?: string[]}} Parameter
 * @typedef {{name: string, parameters: Parameter[]}} Choice a function that can be chosen
 * @typedef {{activations: Choice[], losses: Choice[], initializers: Choice[], optimizers: Choice[], limits: {layers: number, units: number}}} Catalog
 *
 * @typedef {{agrees: boolean, comparable: boolean, max_abs: number | null, max_rel: number | null, at: number[], kinks: number, refined: number, checked: number, of: number}} Agreement of one gradient with central differences
 * @typedef {{agrees: boolean, epsilon: number, quantities: Record<string, Agreement>, probe?: Probe, refused?: string}} Check
 * @typedef {object} Probe one number moved by ±ε
 * @property {string} quantity
 * @property {number[]} entry
 * @property {number} value
 * @property {number} epsilon
 * @property {number | null} loss
 * @property {number | null} loss_plus
 * @property {number | null} loss_minus
 * @property {number | null} quotient
 * @property {number | null} gradient
 * @property {number | null} difference
 * @property {{epsilon: number, quotient: number | null, difference: number | null}[]} sweep
 *
 * @typedef {{example: number, nodes: Entry[], factors: {quantity: string | null, entry: number[], value: number | null}[], product: number | null}} Path
 * @typedef {{target: Entry, example: number | null, gradient: number | null, sum: number | null, count: number | null, listed: number, left_out: number | null, remainder: number | null, paths: Path[]}} Paths
 */

export {};
