import { Component, type ReactNode } from "react";
import { Button, EmptyState } from "@metersync/parts";

import { t } from "../words/index.ts";

type Props = { children: ReactNode; onLeave: () => void; resetKey: string };

/** What stands in place of a screen that failed: the rest of the app, and what is saved, live on. */
export class Fault extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error: error ?? new Error("unknown") };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error !== undefined) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="ms-screen">
        <main className="ms-screen-body">
          <EmptyState
            icon="warning"
            title={t("app.fault_title")}
            text={
              <>
                {t("app.fault_text")} <code>{error instanceof Error ? `${error.name}: ${error.message}` : "?"}</code>
              </>
            }
            actions={
              <Button
                kind="filled"
                onPress={() => {
                  this.setState({ error: undefined });
                  this.props.onLeave();
                }}
              >
                {t("app.to_route")}
              </Button>
            }
          />
        </main>
      </div>
    );
  }
}
