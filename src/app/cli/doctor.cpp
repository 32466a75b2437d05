// hayate doctor: tries every back end that the configuration names, and says in words what is
// wrong.

#include <CLI/CLI.hpp>

#include "app/cli/blocking.hpp"
#include "app/cli/models.hpp"
#include "app/cli/setup.hpp"
#include "app/cli/terminal.hpp"
#include "core/base/log.hpp"
#include "io/model/embedder/use_embedder.hpp"
#include "io/store/import/import.hpp"

namespace hayate::cli {
namespace {

constexpr std::chrono::seconds kProbeTime{60};

class Examination {
  public:
    void good(const std::string& what, const std::string& text) {
        print_line(green("ok    ") + what + ": " + text);
    }
    void bad(const std::string& what, const std::string& text, const std::string& remedy) {
        ++wrong_;
        print_line(red("WRONG ") + what + ": " + text);
        if (!remedy.empty()) print_line("      " + remedy);
    }
    [[nodiscard]] int exit_code() const { return wrong_ == 0 ? kOk : kFailed; }

  private:
    int wrong_ = 0;
};

void examine_database(const config::EngineConfig& config, Examination& examination) {
    const auto database = open_database(config);
    const std::string what = "database in " + config.data;
    if (!database)
        return examination.bad(what, database.error().internal,
                               "Is the folder writable, the disk full?");
    const auto is_empty = store::is_catalog_empty(**database);
    if (!is_empty) return examination.bad(what, is_empty.error().internal, "");
    examination.good(what, *is_empty ? "empty; the first start imports the assistant's data"
                                     : "opens, has a catalog");
}

void examine_embedder(Examination& examination) {
    const auto embedder = model::UseEmbedder::load(model::UseEmbedder::default_path());
    if (embedder) return examination.good("embedder", (*embedder)->model_id());
    examination.bad("embedder", embedder.error().internal, "Run python3 tools/fetch-embedder.py.");
}

std::string remedy_for(const config::ModelConfig& model) {
    if (model.provider == "local")
        return "Run python3 tools/fetch-models.py, or name a GGUF file with 'file'.";
    const std::string key = model.key_env + model.key_file;  // at most one of them
    return "Check " + (key.empty() ? "" : "the key in " + key + ", ") + "base_url '" +
           model.base_url + "' and the network.";
}

Status probe(runtime::Shards& shards, const model::ModelEntry& entry) {
    return wait_for(shards.at(0), [&]() -> Task<Status> {
        // A local model may still be loading: ask again until it is known.
        const Deadline deadline = Deadline::after(kProbeTime);
        Status probed = co_await entry.model->probe({});
        while (!probed && probed.error().code == "model_loading" && !deadline.has_passed()) {
            co_await runtime::sleep_until(Deadline::after(milliseconds(200)));
            probed = co_await entry.model->probe({});
        }
        co_return probed;
    });
}

int run(const ConfigOptions& options) {
    base::set_log_level(base::LogLevel::kError);
    const auto setup = load_setup(options);
    if (!setup) {
        print_problems(setup.error());
        return kWrongConfig;
    }
    Examination examination;
    examination.good("configuration",
                     setup->assistant ? "assistant " + setup->assistant->id : "no assistant");
    examine_database(setup->engine, examination);
    if (setup->assistant) examine_embedder(examination);
    runtime::Shards shards(1);
    Models models(setup->engine, nullptr);
    shards.start();
    for (const auto& [name, model] : setup->engine.models) {
        const std::string what = "model '" + name + "' (" + model.provider + ")";
        const auto entry = models.router().find(name);
        if (!entry) {
            const Error* reason = models.why_left_out(name);
            examination.bad(what, reason ? reason->internal : "is not part of this build",
                            remedy_for(model));
            continue;
        }
        const Status probed = probe(shards, *entry);
        if (probed) {
            examination.good(what, "answers");
        } else {
            examination.bad(what, probed.error().internal, remedy_for(model));
        }
    }
    models.stop();
    shards.stop_and_join();
    return examination.exit_code();
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
    auto* command =
        app.add_subcommand("doctor", "test every configured back end and say what is wrong");
    command->footer("Examples:\n  hayate doctor\n  hayate doctor --config shop.yaml");
    const auto options = std::make_shared<ConfigOptions>();
    add_config_options(*command, *options);
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hayate::cli
