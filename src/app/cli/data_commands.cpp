// hayate import, hayate keys, hayate check: the commands that work on files and the database.

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/cli/blocking.hpp"
#include "app/cli/names.hpp"
#include "app/cli/setup.hpp"
#include "app/cli/terminal.hpp"
#include "app/cli/understanding.hpp"
#include "app/front/api_keys.hpp"
#include "core/config/engine_checks.hpp"
#include "engine/turn/describe.hpp"
#include "io/model/embedder/use_embedder.hpp"
#include "io/store/import/import.hpp"
#include "io/store/sqlite/keys.hpp"

namespace hayate::cli {
namespace {

/// Prints what is wrong with the rows; true when nothing is.
bool report_rows(const store::ImportReport& report) {
    for (const store::Problem& problem : report.problems) print_line(store::describe(problem));
    if (report.problem_count > report.problems.size()) {
        print_line(fmt::format("... and {} more", report.problem_count - report.problems.size()));
    }
    return report.problem_count == 0;
}

std::string counts_of(const store::ImportReport& report) {
    std::string text;
    for (const auto& count : report.counts) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count.rows, count.kind);
    }
    return text;
}

int run_import(const ConfigOptions& options, const std::string& folder) {
    const auto setup = load_setup(options);
    if (!setup) {
        print_problems(setup.error());
        return kWrongConfig;
    }
    const auto database = open_database(setup->engine);
    if (!database) {
        print_error(database.error());
        return kUnavailable;
    }
    store::Embedder embedder;
    const auto model = model::UseEmbedder::load(model::UseEmbedder::default_path());
    if (model) {
        embedder = {.model_id = (*model)->model_id(),
                    .embed = [e = *model](std::string_view text) { return e->embed(text); }};
    } else {
        print_line(
            "Without the embedder, new texts are found by their words alone "
            "(tools/fetch-embedder.py).");
    }
    const std::string from = folder.empty() ? setup->engine.assistant : folder;
    const auto report = store::import_folder(**database, from, turn::shop_today(), embedder);
    if (!report) {
        print_error(report.error());
        return kFailed;
    }
    if (!report_rows(*report)) {
        print_error(fmt::format("{} problems; nothing was imported", report->problem_count));
        return kWrongConfig;
    }
    print_line(fmt::format("imported {}; {} texts embedded", counts_of(*report), report->embedded));
    print_line(
        dim("A running server notices within a second and takes it up in the background: cards, "
            "search, and the\nnames it knows in questions. What else is in the assistant's folder "
            "waits for a reload or a restart."));
    return kOk;
}

/// Trains on the assistant's examples and says how well they can be told apart; false when that is
/// too bad to be served.
bool check_intents(const config::AssistantConfig& assistant) {
    if (assistant.intents.intents.empty()) return true;
    auto names = load_names(assistant.folder);
    if (!names) {
        print_error(names.error());
        return false;
    }
    const auto trained = train_assistant(assistant, make_finder(assistant, std::move(*names)), {});
    const auto problems = check_accuracy(assistant, *trained);
    if (!problems.empty()) {
        print_problems(problems);
        return false;
    }
    print_line(fmt::format(
        "{} intents, told apart in {:.1f} % of their own examples "
        "(cross-validation, n-grams alone)",
        assistant.intents.intents.size(), 100 * trained->intents().cross_validation.accuracy()));
    return true;
}

int run_check(const ConfigOptions& options) {
    const auto setup = load_setup(options);
    if (!setup) {
        print_problems(setup.error());
        return kWrongConfig;
    }
    for (const config::Problem& warning : config::engine_warnings(setup->engine)) {
        print_line("warning: " + warning.format());
    }
    if (!setup->assistant) {
        print_line("configuration ok; no assistant");
        return kOk;
    }
    const auto report =
        store::validate_folder(nullptr, setup->engine.assistant, turn::shop_today());
    if (!report) {
        print_error(report.error());
        return kWrongConfig;
    }
    if (!report_rows(*report)) return kWrongConfig;
    if (const auto weights = gate_weights_of(*setup->assistant); !weights) {
        print_problems(weights.error());
        return kWrongConfig;
    }
    if (const auto probes = probes_of(*setup->assistant); !probes) {
        print_problems(probes.error());
        return kWrongConfig;
    }
    if (!check_intents(*setup->assistant)) return kWrongConfig;
    print_line(fmt::format("configuration ok; assistant '{}' ok: {}", setup->assistant->id,
                           counts_of(*report)));
    return kOk;
}

struct KeyOptions {
    ConfigOptions config;
    std::string tenant = "default";
    std::string role = "user";
    std::string label;
    std::string id;
    bool json = false;
};

Result<std::shared_ptr<store::Database>> key_database(const KeyOptions& options) {
    const auto setup = load_setup(options.config);
    if (setup) return open_database(setup->engine);
    print_problems(setup.error());
    return fail(ErrorKind::kBadRequest, "config", "the configuration has problems");
}

int create_key(const KeyOptions& options, store::SqliteKeyStore& store) {
    const front::NewKey key =
        front::make_key(options.tenant, options.role, options.label, base::unix_ms());
    const Status added =
        wait_for([&]() -> Task<Status> { co_return co_await store.add(key.key, key.hash, {}); });
    if (!added) {
        print_error(added.error());
        return kFailed;
    }
    if (options.json) {
        print_line(fmt::format(R"({{"id":"{}","key":"{}"}})", key.key.id, key.text.reveal()));
        return kOk;
    }
    print_line(std::string(key.text.reveal()));
    print_line(dim("Keep it now: it is stored as a hash and cannot be shown again. Its id is " +
                   key.key.id));
    return kOk;
}

int list_keys(const KeyOptions& options, store::SqliteKeyStore& store) {
    const auto keys = all_keys(store);
    if (!keys) {
        print_error(keys.error());
        return kFailed;
    }
    if (!options.json)
        print_line(fmt::format("{:<14}{:<12}{:<9}{:<12}{:<10}{}", "id", "tenant", "role", "created",
                               "state", "label"));
    for (const store::ApiKey& key : *keys) {
        const auto created = fmt::format(
            "{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(key.created_ms / 1000)));
        const std::string_view state = key.revoked_ms ? "revoked" : "valid";
        print_line(
            options.json
                ? fmt::format(
                      R"({{"id":"{}","tenant":"{}","role":"{}","created":"{}","state":"{}"}})",
                      key.id, key.tenant, key.role, created, state)
                : fmt::format("{:<14}{:<12}{:<9}{:<12}{:<10}{}", key.id, key.tenant, key.role,
                              created, state, key.label));
    }
    return kOk;
}

int revoke_key(const KeyOptions& options, store::SqliteKeyStore& store) {
    const Status revoked =
        wait_for([&]() -> Task<Status> { co_return co_await store.revoke(options.id, {}); });
    if (!revoked) {
        print_error(revoked.error().kind == ErrorKind::kNotFound
                        ? "there is no key with the id " + options.id
                        : revoked.error().internal);
        return kFailed;
    }
    print_line("revoked; a running server refuses it within 5 seconds");
    return kOk;
}

using KeyAction = int (*)(const KeyOptions&, store::SqliteKeyStore&);

int run_keys(const KeyOptions& options, KeyAction action) {
    const auto database = key_database(options);
    if (!database) {
        print_error(database.error());
        return kUnavailable;
    }
    store::SqliteKeyStore store(*database);
    return action(options, store);
}

}  // namespace

Result<std::vector<store::ApiKey>> all_keys(store::KeyStore& store) {
    return wait_for(
        [&]() -> Task<Result<std::vector<store::ApiKey>>> { co_return co_await store.list({}); });
}

void add_import(CLI::App& app, int& exit_code) {
    auto* command =
        app.add_subcommand("import", "load catalog, FAQ, customers and orders into the database");
    command->footer(
        "Every row is checked first; with a single wrong one nothing is imported.\n\nExamples:\n"
        "  hayate import\n  hayate import --data /srv/hayate my-shop/");
    const auto options = std::make_shared<ConfigOptions>();
    const auto folder = std::make_shared<std::string>();
    add_config_options(*command, *options);
    command->add_option("folder", *folder,
                        "folder with .jsonl or .csv files (default: the assistant's)");
    command->callback([=, &exit_code] { exit_code = run_import(*options, *folder); });
}

void add_check(CLI::App& app, int& exit_code) {
    auto* command =
        app.add_subcommand("check", "validate the configuration and the assistant's folder");
    command->footer(
        "Every problem is printed with file, line, key and what is expected.\n\nExamples:\n"
        "  hayate check\n  hayate check --config shop.yaml --assistant assistants/shop");
    const auto options = std::make_shared<ConfigOptions>();
    add_config_options(*command, *options);
    command->callback([=, &exit_code] { exit_code = run_check(*options); });
}

void add_keys(CLI::App& app, int& exit_code) {
    auto* keys = app.add_subcommand("keys", "create, list and revoke API keys");
    keys->require_subcommand(1);
    keys->footer(
        "Examples:\n  hayate keys create --label 'web shop' --role service\n  hayate keys list\n"
        "  hayate keys revoke <id>");
    const auto options = std::make_shared<KeyOptions>();
    const auto add = [&](const char* name, const char* text, KeyAction action) {
        auto* command = keys->add_subcommand(name, text);
        add_config_options(*command, options->config);
        command->callback([=, &exit_code] { exit_code = run_keys(*options, action); });
        return command;
    };
    auto* create = add("create", "make a key and print it once", create_key);
    create->add_option("--tenant", options->tenant, "whose key it is")->capture_default_str();
    create->add_option("--role", options->role, "what it may do")
        ->check(CLI::IsMember({"user", "service", "admin"}))
        ->capture_default_str();
    create->add_option("--label", options->label, "a note for the list");
    create->add_flag("--json", options->json, "for scripts");
    add("list", "list the keys", list_keys)
        ->add_flag("--json", options->json, "one JSON object a line");
    add("revoke", "make a key useless", revoke_key)
        ->add_option("id", options->id, "the key's id")
        ->required();
}

}  // namespace hayate::cli
