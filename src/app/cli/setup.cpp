#include "app/cli/setup.hpp"

#include <csignal>
#include <filesystem>

#include <CLI/CLI.hpp>

#include "app/cli/terminal.hpp"
#include "core/config/engine_checks.hpp"
#include "core/config/files.hpp"
#include "core/config/model_defaults.hpp"

namespace hayate::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultConfig = "hayate.yaml";

/// A shipped assistant is found from the source tree, and beside an installed binary.
std::string find_assistant(const std::string& folder) {
    std::error_code ignored;
    if (folder.empty() || fs::exists(folder)) return folder;
    const fs::path binary = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const fs::path& base : {binary / "../..", binary / "../share/hayate"}) {
        if (fs::exists(base / folder)) return fs::weakly_canonical(base / folder).string();
    }
    return folder;
}

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

}  // namespace

void add_config_options(CLI::App& command, ConfigOptions& options) {
    command
        .add_option("--config", options.config,
                    "configuration file (default: hayate.yaml if it exists)")
        ->type_name("FILE");
    command.add_option("--data", options.data, "folder of the database (default: var/hayate)")
        ->type_name("DIR");
    command
        .add_option("--assistant", options.assistant,
                    "assistant folder (default: assistants/mangaassist)")
        ->type_name("DIR");
}

tl::expected<Setup, config::Problems> load_setup(const ConfigOptions& options) {
    Setup setup;
    std::string file = options.config;
    if (file.empty() && fs::exists(kDefaultConfig)) file = kDefaultConfig;
    if (!file.empty()) {
        auto loaded = config::load_engine_config(file);
        if (!loaded) return tl::unexpected(std::move(loaded.error()));
        setup.engine = std::move(*loaded);
    }
    if (!options.data.empty()) setup.engine.data = options.data;
    if (!options.assistant.empty()) setup.engine.assistant = options.assistant;
    if (setup.engine.assistant == "none") setup.engine.assistant.clear();
    if (setup.engine.models.empty())
        setup.engine.models = config::default_models(config::process_environment());
    setup.engine.assistant = find_assistant(setup.engine.assistant);
    if (setup.engine.assistant.empty()) return setup;
    auto assistant = config::load_assistant(setup.engine.assistant);
    if (!assistant) return tl::unexpected(std::move(assistant.error()));
    setup.assistant = std::move(*assistant);
    config::Problems together = config::check_together(setup.engine, *setup.assistant);
    if (!together.empty()) return tl::unexpected(std::move(together));
    return setup;
}

Result<std::shared_ptr<store::Database>> open_database(const config::EngineConfig& config) {
    return store::Database::open({.path = (fs::path(config.data) / "hayate.db").string(),
                                  .is_power_loss_safe = config.sqlite_synchronous == "full"});
}

void block_stop_signals() {
    const sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void wait_for_stop_signal(const std::function<void()>& on_hangup) {
    const sigset_t set = stop_signals();
    // On a terminal a hang-up means what it says: the window was closed.
    const bool is_wish_to_reload = on_hangup && !is_terminal_out();
    int received = 0;
    while (sigwait(&set, &received) == 0 && received == SIGHUP && is_wish_to_reload) on_hangup();
}

}  // namespace hayate::cli
