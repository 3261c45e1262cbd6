import { render } from "preact";
import { App } from "./app.tsx";
import { askSession } from "./session.ts";

void askSession();
render(<App />, document.body);
