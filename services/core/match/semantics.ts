import { SCHEMA_VERSION } from "../schema/index.ts";

/** Raised when matching changes what it means; everything is then swept again. */
const ENGINE_VERSION = 3;

/** The version of the rules that coverage is credited under: the engine's meaning and the log schemas'. */
export const SEMANTICS = ENGINE_VERSION * 1000 + SCHEMA_VERSION;
