// hayate ask, hayate chat: a running server from the terminal.

#include <atomic>
#include <csignal>
#include <iostream>

#include <CLI/CLI.hpp>

#include "app/cli/client.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/terminal.hpp"
#include "core/base/json_text.hpp"

namespace hayate::cli {
namespace {

struct AskOptions {
    std::string server = "http://127.0.0.1:8080";
    std::string key;
    std::string model = "mangaassist";
    std::vector<std::string> words;
};

std::atomic<bool> is_interrupted{false};

void on_interrupt(int /*signal*/) { is_interrupted = true; }

void add_client_options(CLI::App& command, AskOptions& options) {
    command.add_option("--server", options.server, "address of the server")
        ->type_name("URL")
        ->capture_default_str();
    command.add_option("--key", options.key, "API key, if the server asks for one")
        ->type_name("KEY")
        ->envname("HAYATE_KEY");
    command.add_option("--model", options.model, "assistant or model to ask")
        ->type_name("NAME")
        ->capture_default_str();
}

/// Prints the answer as it comes; the whole of it is returned.
Result<std::string> ask_once(Client& client, const AskOptions& options,
                             const std::vector<std::string>& texts) {
    std::string answer;
    is_interrupted = false;
    const Status done = client.ask(
        chat_body(options.model, texts),
        [&](std::string_view text) {
            answer += text;
            print(text);
        },
        [] { return is_interrupted.load(); });
    print_line();
    if (!done) return fail(done.error());
    return answer;
}

int report(const Error& error, const AskOptions& options) {
    print_error(error);
    if (error.kind == ErrorKind::kUnavailable && error.source == "http") {
        print_line(
            "Is the server running? Start it with 'hayate serve', or name it with --server " +
            options.server);
    }
    return kUnavailable;
}

int run_ask(const AskOptions& options) {
    std::string question;
    for (const std::string& word : options.words) question += (question.empty() ? "" : " ") + word;
    if (question.empty()) question.assign(std::istreambuf_iterator<char>(std::cin), {});
    auto client = Client::connect_to(options.server, options.key);
    if (!client) {
        print_error(client.error());
        return kWrongUsage;
    }
    const auto answer = ask_once(**client, options, {question});
    return answer ? kOk : report(answer.error(), options);
}

/// "/good" and "/bad" say what the customer thinks of the last answer; empty for any other line.
std::string_view thumb_in(std::string_view line) {
    if (line == "/good") return "up";
    return line == "/bad" ? "down" : "";
}

void send_thumb(Client& client, std::string_view thumb) {
    if (client.answer_id().empty()) return print_line(dim("There is no answer yet."));
    const auto reply =
        client.post("/v1/feedback", R"({"response_id":)" + base::json_string(client.answer_id()) +
                                        R"(,"thumb":)" + base::json_string(thumb) + "}");
    if (!reply) return print_error(reply.error());
    const bool is_kept = reply->status == 200;
    print_line(dim(is_kept
                       ? "Thank you, this has been noted."
                       : "This could not be noted: only answers of the assistant can be rated."));
}

int run_chat(const AskOptions& options) {
    auto client = Client::connect_to(options.server, options.key);
    if (!client) {
        print_error(client.error());
        return kWrongUsage;
    }
    const auto alive = (*client)->get("/v1/models");
    if (!alive) return report(alive.error(), options);
    std::signal(SIGINT, on_interrupt);
    print_line(bold(options.model) +
               dim("  Ctrl+C stops an answer, an empty line or Ctrl+D ends the chat.\n"
                   "/good and /bad rate the last answer."));
    std::vector<std::string> texts;
    std::string line;
    while (print(green("\nyou> ")), std::getline(std::cin, line) && !line.empty()) {
        if (const auto thumb = thumb_in(line); !thumb.empty()) {
            send_thumb(**client, thumb);
            continue;
        }
        texts.push_back(line);
        print(bold("\n" + options.model + "> "));
        const auto answer = ask_once(**client, options, texts);
        if (!answer) {
            print_error(answer.error());
            texts.pop_back();
            continue;
        }
        if (is_interrupted) print_line(dim("(stopped)"));
        texts.push_back(answer->empty() ? "..." : *answer);
    }
    print_line();
    return kOk;
}

}  // namespace

void add_ask(CLI::App& app, int& exit_code) {
    auto* command = app.add_subcommand("ask", "ask a running server one question");
    command->footer(
        "Examples:\n  hayate ask Do you ship to Osaka?\n  echo 大阪へ配送できますか | hayate ask\n"
        "  hayate ask --model fast 'Write a haiku'");
    const auto options = std::make_shared<AskOptions>();
    add_client_options(*command, *options);
    command->add_option("question", options->words, "the question (default: standard input)");
    command->callback([options, &exit_code] { exit_code = run_ask(*options); });
}

void add_chat(CLI::App& app, int& exit_code) {
    auto* command = app.add_subcommand("chat", "chat with a running server in the terminal");
    command->footer(
        "Examples:\n  hayate chat\n  hayate chat --server http://127.0.0.1:9000 --key hk_...");
    const auto options = std::make_shared<AskOptions>();
    add_client_options(*command, *options);
    command->callback([options, &exit_code] { exit_code = run_chat(*options); });
}

}  // namespace hayate::cli
