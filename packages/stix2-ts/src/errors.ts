/** Root of every error this library throws. `code` is stable, `message` is for people. */
export class StixError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}
