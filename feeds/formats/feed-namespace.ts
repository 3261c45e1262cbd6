/** Namespace of indicator ids that this project derives. Never change it: stored indicators carry these ids. */
export const FEED_NAMESPACE = "6f2f9a0e-3c55-5b1c-9d0a-7b8e4d1c2a90";
