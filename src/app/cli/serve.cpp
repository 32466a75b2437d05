// hayate serve

#include <csignal>

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include "app/cli/server.hpp"
#include "app/cli/setup.hpp"
#include "app/cli/terminal.hpp"
#include "core/base/log.hpp"
#include "core/config/addresses.hpp"
#include "core/config/engine_checks.hpp"
#include "io/store/sqlite/keys.hpp"

namespace hayate::cli {
namespace {

struct ServeOptions {
    ConfigOptions config;
    std::optional<uint16_t> port;
    std::optional<uint16_t> admin_port;
    std::optional<int> threads;
    bool no_local_model = false;
};

base::LogLevel log_level(const std::string& name) {
    if (name == "debug") return base::LogLevel::kDebug;
    if (name == "warning") return base::LogLevel::kWarning;
    if (name == "error") return base::LogLevel::kError;
    return name == "off" ? base::LogLevel::kOff : base::LogLevel::kInfo;
}

/// Keys that exist, read before anything listens: beyond loopback a server without them is refused.
config::ServerFacts facts_of(const config::EngineConfig& config) {
    config::ServerFacts facts;
    if (config::is_loopback(config.listen.address) && config::is_loopback(config.admin.address))
        return facts;
    const auto database = open_database(config);
    if (!database) return facts;
    store::SqliteKeyStore store(*database);
    const auto keys = all_keys(store);
    if (!keys) return facts;
    for (const store::ApiKey& key : *keys) {
        if (key.revoked_ms) continue;
        facts.has_api_key = true;
        facts.has_admin_key = facts.has_admin_key || key.role == "admin";
    }
    return facts;
}

/// Every connection is a descriptor, and its call upstream another one; the usual soft limit of
/// 1,024 is there for programs that use select().
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::string model_summary(const config::EngineConfig& config) {
    std::string text;
    for (const auto& [name, model] : config.models) {
        text += (text.empty() ? "" : ", ") + name + " = " + model.provider;
        if (!model.model.empty()) text += " " + model.model;
    }
    return text.empty() ? "none: answers come from the assistant's data" : text;
}

void announce(const Server& server, const Setup& setup) {
    const std::string host = config::is_any_address(setup.engine.listen.address)
                                 ? "127.0.0.1"
                                 : setup.engine.listen.address;
    print_line();
    print_line(bold("Hayate " HAYATE_VERSION " is up."));
    if (setup.assistant)
        print_line("  page    http://" + host + ":" + std::to_string(server.port()) + "/");
    print_line("  API     http://" + host + ":" + std::to_string(server.port()) + "/v1");
    print_line("  admin   " + server.admin_link() + "  (works once)");
    print_line("  models  " + model_summary(setup.engine));
    for (const std::string& what : server.readiness().waiting_for)
        print_line(dim("  loading " + what));
    print_line(dim("  Ctrl+C stops the server."));
}

int run(const ServeOptions& options) {
    auto setup = load_setup(options.config);
    if (!setup) {
        print_problems(setup.error());
        return kWrongConfig;
    }
    config::EngineConfig& engine = setup->engine;
    if (options.port) engine.listen.port = *options.port;
    if (options.admin_port) engine.admin.port = *options.admin_port;
    if (options.threads) engine.threads = *options.threads;
    if (options.no_local_model) {
        engine.local_model.enabled = false;
        std::erase_if(engine.models,
                      [](const auto& model) { return model.second.provider == "local"; });
    }
    base::set_log_level(log_level(engine.log_level));
    const config::Problems problems = config::check_engine(engine, facts_of(engine));
    if (!problems.empty()) {
        print_problems(problems);
        return kWrongConfig;
    }
    for (const config::Problem& warning : config::engine_warnings(engine)) {
        base::log_warning("configuration", {{"problem", warning.format()}});
    }
    raise_descriptor_limit();
    block_stop_signals();
    ::signal(SIGPIPE, SIG_IGN);
    Server server(engine, setup->assistant);
    if (const Status started = server.start(); !started) {
        print_error(started.error());
        return started.error().kind == ErrorKind::kBadRequest ? kWrongConfig : kUnavailable;
    }
    announce(server, *setup);
    wait_for_stop_signal([&] { server.reload(); });
    print_line("Stopping: answers in progress may finish.");
    // A second signal ends the process at once.
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    server.stop();
    return kOk;
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
    auto* command = app.add_subcommand("serve", "start the server");
    command->footer(
        "Examples:\n"
        "  hayate serve                                  the built-in assistant with the local "
        "model\n"
        "  hayate serve --port 9000 --no-local-model     answers from FAQ and catalog alone\n"
        "  ANTHROPIC_API_KEY=... hayate serve            with Anthropic's models\n"
        "  hayate serve --config shop.yaml --assistant none    a plain gateway");
    const auto options = std::make_shared<ServeOptions>();
    add_config_options(*command, options->config);
    command->add_option("--port", options->port, "public port (default 8080; 0: any free one)")
        ->type_name("N");
    command->add_option("--admin-port", options->admin_port, "admin port (default 8081)")
        ->type_name("N");
    command
        ->add_option("--threads", options->threads,
                     "shards (default: the cores that the local model leaves)")
        ->type_name("N")
        ->check(CLI::Range(1, 256));
    command->add_flag("--no-local-model", options->no_local_model,
                      "do not load the models of this machine");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hayate::cli
