import { StixError } from "stix2-ts";

/** Says that a whole file can't be used. `where` is a position in it (`line 3, column 7`, a JSON pointer), or "". */
export class FeedError extends StixError {
  readonly where: string;
  constructor(code: string, message: string, where = "", options?: ErrorOptions) {
    super(code, message, options);
    this.where = where;
  }
}
