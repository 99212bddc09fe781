// Starts `prodcheck lsp` and keeps it: everything else is the server's.
import { type ExtensionContext, type LogOutputChannel, commands, window, workspace } from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions, TransportKind } from "vscode-languageclient/node";
import { binary } from "./binary";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const channel = window.createOutputChannel("prodcheck", { log: true });
  const start = async () => {
    await client?.stop().catch(() => undefined);
    client = make(context, channel);
    try {
      await client.start();
    } catch (error) {
      channel.error(String(error));
      const install = "prodcheck was not found. Install it (npm install -D prodcheck, uv add --dev prodcheck) or set prodcheck.path.";
      void window.showErrorMessage(install, "Show the log").then((choice) => choice && channel.show());
    }
  };
  context.subscriptions.push(
    channel,
    commands.registerCommand("prodcheck.restart", start),
    commands.registerCommand("prodcheck.log", () => channel.show()),
    workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("prodcheck.path") && start()),
    workspace.onDidGrantWorkspaceTrust(start),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

function make(context: ExtensionContext, channel: LogOutputChannel): LanguageClient {
  const settings = workspace.getConfiguration("prodcheck");
  const folders = (workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
  const command = binary({
    configured: settings.get("path", ""),
    extension: context.extensionPath,
    folders: workspace.isTrusted ? folders.map((folder) => folder.uri.fsPath) : [],
    platform: process.platform,
    arch: process.arch,
  });
  const server: ServerOptions = { command, args: ["lsp"], transport: TransportKind.stdio };
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file" }],
    outputChannel: channel,
    initializationOptions: { environment: settings.get("environment", ""), unverified: settings.get("unverified", true) },
    synchronize: { configurationSection: "prodcheck" },
  };
  return new LanguageClient("prodcheck", "prodcheck", server, options);
}
