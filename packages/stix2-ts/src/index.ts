export { StixError } from "./errors.ts";
export type * from "./pattern/ast.ts";
export type * from "./match/observation.ts";
