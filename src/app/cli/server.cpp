#include "app/cli/server.hpp"

#include <algorithm>
#include <filesystem>
#include <latch>
#include <set>
#include <utility>

#include "app/cli/blocking.hpp"
#include "app/cli/names.hpp"
#include "app/cli/sources.hpp"
#include "app/front/customer_token.hpp"
#include "core/base/log.hpp"
#include "core/config/addresses.hpp"
#include "core/config/files.hpp"
#include "engine/route/lessons.hpp"
#include "engine/turn/describe.hpp"
#include "io/model/remote/rehearsal.hpp"
#include "io/store/import/import.hpp"

namespace hayate::cli {
namespace {

namespace fs = std::filesystem;

uint32_t shard_count(const config::EngineConfig& config) {
    if (config.threads > 0) return static_cast<uint32_t>(config.threads);
    const auto cores = static_cast<int>(std::thread::hardware_concurrency());
    const int for_model =
        config.local_model.enabled ? std::max(config.local_model.threads, cores - 1) : 0;
    return static_cast<uint32_t>(std::max(1, cores - for_model));
}

std::vector<std::string> origins(const config::EngineConfig& config, uint16_t port) {
    std::vector<std::string> all = config.auth.allowed_origins;
    for (const char* host : {"127.0.0.1", "localhost", "[::1]"}) {
        all.push_back("http://" + std::string(host) + ":" + std::to_string(port));
    }
    return all;
}

net::HttpServer::Options listen_options(const config::ListenConfig& listen,
                                        const config::EngineConfig& config, uint16_t port) {
    net::HttpServer::Options options{.address = listen.address, .port = port};
    options.limits.connections_max = static_cast<size_t>(config.limits.connections_per_shard);
    return options;
}

/// The folder of the built page: as configured, in the source tree, or installed beside the binary.
front::StaticFiles load_page(const config::EngineConfig& config) {
    std::vector<std::string> folders{config.web};
    std::error_code ignored;
    const fs::path binary = fs::read_symlink("/proc/self/exe", ignored);
    if (config.web.empty()) {
        folders = {"web/dist", (binary.parent_path() / "../../web/dist").string(),
                   (binary.parent_path() / "../share/hayate/web").string()};
    }
    for (const std::string& folder : folders) {
        if (auto files = front::StaticFiles::load(folder)) return std::move(*files);
    }
    base::log_warning("page_missing", {{"remedy", "run 'make web'"}});
    return {};
}

}  // namespace

Server::Server(config::EngineConfig config, std::optional<config::AssistantConfig> assistant)
    : config_(std::move(config)),
      assistant_(std::move(assistant)),
      meter_(metrics_),
      ledger_(budgets_of(config_.budgets)),
      shards_(shard_count(config_), config_.early_wake_percent / 100),
      hub_(shards_, {}),
      models_(config_, assistant_ ? &*assistant_ : nullptr),
      site_{.config = config_,
            .metrics = metrics_,
            .hub = hub_,
            .router = models_.router(),
            .meter = meter_,
            .ledger = ledger_,
            .traces = traces_},
      connections_(metrics_.gauge("hayate_connections", "Open connections.", {"kind"})),
      requests_(metrics_.counter("hayate_http_requests_total",
                                 "HTTP requests, by result of framing.", {"result"})),
      model_ready_(metrics_.gauge("hayate_model_ready", "1 when the model can answer.", {"model"})),
      awake_early_(metrics_.seconds("hayate_awake_early_seconds_total",
                                    "Time that shards waited awake for tokens that were due.")),
      running_(metrics_.gauge("hayate_turns_running", "Turns in progress.")) {
    site_.readiness = [this] { return readiness(); };
    site_.before_scrape = [this] { publish_gauges(); };
}

Server::~Server() {
    stop();
    if (stores_) stores_->catalog.index().on_change({});  // the release maker goes first
}

Status Server::start() {
    const Status listening = listen();
    rehearse();
    shards_.start();
    is_running_ = true;  // from here on `stop` takes down whatever has been started
    if (!listening) return listening;
    if (Status opened = open_stores(); !opened) return opened;
    if (assistant_) {
        if (Status imported = import_first_data(); !imported) return imported;
        if (Status made = make_turns(); !made) return made;
    }
    site_.files = load_page(config_);
    finish_start();
    return {};
}

void Server::rehearse() {
    std::set<std::string> providers;
    for (const auto& [name, model] : config_.models) providers.insert(model.provider);
    for (uint32_t i = 0; i < shards_.size(); ++i) {
        shards_.at(i).lookout().rehearse_with(
            [rehearsal = std::make_shared<model::Rehearsal>(providers)] { rehearsal->play(); });
    }
}

Status Server::listen() {
    uint16_t port = config_.listen.port;
    for (uint32_t i = 0; i < shards_.size(); ++i) {
        auto options = listen_options(config_.listen, config_, port);
        options.port_use =
            i == 0 ? net::HttpServer::PortUse::kFirst : net::HttpServer::PortUse::kFurther;
        auto server = std::make_unique<net::HttpServer>(
            shards_.at(i).executor(), std::move(options), front::public_routes(site_));
        if (Status listening = server->listen(); !listening) return listening;
        port = server->port();  // the first shard may have been given any free one
        public_servers_.push_back(std::move(server));
    }
    admin_server_ = std::make_unique<net::HttpServer>(
        shards_.at(0).executor(), listen_options(config_.admin, config_, config_.admin.port),
        front::admin_routes(site_));
    return admin_server_->listen();
}

Status Server::open_stores() {
    auto lock = DataLock::take(config_.data);
    if (!lock) return fail(std::move(lock.error()));
    data_lock_ = std::move(*lock);
    if (assistant_) {
        auto embedder = model::UseEmbedder::load(model::UseEmbedder::default_path());
        if (embedder) {
            embedder_ = std::move(*embedder);
        } else {
            base::log_failure("no_embedder_search_by_words_alone", embedder.error());
        }
    }
    auto stores = store::open_stores({.path = (fs::path(config_.data) / "hayate.db").string(),
                                      .is_power_loss_safe = config_.sqlite_synchronous == "full"},
                                     embedder_ ? embedder_->model_id() : "");
    if (!stores) return fail(std::move(stores.error()));
    stores_ = std::move(*stores);
    ledger_keeper_ = std::make_unique<LedgerKeeper>(ledger_, *stores_->database);
    if (Status kept = ledger_keeper_->start(); !kept) return kept;
    return make_identities();
}

Status Server::make_identities() {
    auto page_key = front::load_or_make_page_key(config_.data);
    if (!page_key) return fail(std::move(page_key.error()));
    auto customer_keys =
        front::load_customer_keys(config_.auth.customer_token, config::process_environment());
    if (!customer_keys) return fail(std::move(customer_keys.error()));
    for (uint32_t i = 0; i < shards_.size(); ++i) {
        identities_.push_back(std::make_unique<front::Identity>(
            stores_->keys, *page_key, admins_,
            front::Identity::Options{.key_policy = front::key_policy_of(config_.auth.api_keys),
                                     .is_loopback = config::is_loopback(config_.listen.address),
                                     .allowed_origins = origins(config_, port()),
                                     .customer_keys = *customer_keys}));
    }
    return {};
}

Status Server::import_first_data() {
    store::Database& database = *stores_->database;
    store::Embedder embedder;
    if (embedder_) {
        embedder = {.model_id = embedder_->model_id(),
                    .embed = [e = embedder_](std::string_view text) { return e->embed(text); }};
    }
    const auto is_empty = store::is_catalog_empty(database);
    if (!is_empty) return fail(is_empty.error());
    if (*is_empty) {
        base::log_info("importing_first_data", {{"folder", assistant_->folder}});
        const auto report =
            store::import_folder(database, assistant_->folder, turn::shop_today(), embedder);
        if (!report) return fail(report.error());
        if (!report->is_stored) {
            return fail(ErrorKind::kBadRequest, "import",
                        "the assistant's data has " + std::to_string(report->problem_count) +
                            " problems; 'hayate check' names them");
        }
    } else if (const auto refreshed = store::refresh_vectors(database, embedder); !refreshed) {
        return fail(refreshed.error());
    }
    return stores_->catalog.warm_up();
}

std::optional<model::VectorFile> Server::vector_file() const {
    if (!embedder_) return std::nullopt;
    return model::VectorFile((fs::path(config_.data) / "example_vectors").string(),
                             embedder_->model_id());
}

Status Server::make_turns() {
    embedding_pool_ =
        std::make_unique<runtime::BlockingPool>(runtime::BlockingPool::Options{.name = "embed"});
    gather::Embedding::Embed embed;
    if (embedder_) embed = [e = embedder_](std::string_view text) { return e->embed(text); };
    embedding_ = std::make_unique<gather::Embedding>(*embedding_pool_, embed);
    release_maker_ = std::make_unique<ReleaseMaker>(
        config_,
        ReleaseMaker::Parts{
            .sources =
                [this](const config::AssistantConfig& assistant) {
                    return make_sources(assistant, *stores_, *embedding_);
                },
            .names =
                [this](const config::AssistantConfig& assistant) { return read_names(assistant); },
            .vector_of = embed,
            .vector_file = vector_file(),
            .prepare =
                [this](const config::AssistantConfig& assistant) {
                    models_.prepare_for(assistant);
                },
        });
    stores_->catalog.index().on_change([this] { release_maker_->names_changed(); });
    if (const auto made = release_maker_->make(*assistant_); !made)
        return fail(ErrorKind::kBadRequest, "assistant", config::format(made.error()));
    if (Status learned = restore_lessons(); !learned) return learned;
    feedback_ = std::make_unique<turn::Feedback>(stores_->outcomes, models_.router(), metrics_);
    turns_ = std::make_unique<turn::Turns>(turn::Services{
        .shards = shards_,
        .hub = hub_,
        .router = models_.router(),
        .releases = release_maker_->releases(),
        .sessions = stores_->sessions,
        .cases = stores_->cases,
        .outcomes = stores_->outcomes,
        .embedding = *embedding_,
        .metrics = metrics_,
        .meter = meter_,
        .ledger = ledger_,
        .traces = &traces_,
        .detached_time = milliseconds(config_.limits.detached_time_ms),
        .text_chars_max = static_cast<size_t>(config_.limits.text_chars),
    });
    reload_pool_ = std::make_unique<runtime::BlockingPool>(
        runtime::BlockingPool::Options{.name = "reload", .queue_max = 1});
    site_.releases = &release_maker_->releases();
    site_.reload = [this]() -> Task<Result<front::ReloadOutcome>> {
        co_return co_await reload_pool_->run(
            [this](size_t) -> Result<front::ReloadOutcome> { return release_maker_->reload(); },
            Deadline::never(), {});
    };
    site_.turns = turns_.get();
    site_.sessions = &stores_->sessions;
    site_.profiles = &stores_->profiles;
    site_.cases = &stores_->cases;
    site_.outcomes = &stores_->outcomes;
    site_.feedback = feedback_.get();
    return {};
}

/// What outcomes have taught before goes on counting.
Status Server::restore_lessons() {
    const auto lessons = store::load_lessons(*stores_->database);
    if (!lessons) return fail(lessons.error());
    route::restore_lessons(models_.router().memory(), *lessons);
    return {};
}

Result<std::vector<understand::EntityName>> Server::read_names(
    const config::AssistantConfig& assistant) const {
    auto served = stores_->catalog.whole();
    if (!served) return fail(served.error());
    return served_names(std::move(*served), assistant.folder);
}

void Server::reload() {
    if (!release_maker_) return;
    const auto outcome = release_maker_->reload();
    if (outcome) return;
    for (const config::Problem& problem : outcome.error())
        base::log_warning("reload_refused", {{"problem", problem.format()}});
}

void Server::finish_start() {
    // Turns that a killed process left running can never end by themselves.
    const auto recovered = wait_for(shards_.at(0), [this]() -> Task<Result<int64_t>> {
        co_return co_await stores_->sessions.recover({});
    });
    if (recovered && *recovered > 0) base::log_info("turns_recovered", {{"count", *recovered}});
    site_.identities = std::move(identities_);
    site_.admins = admins_.get();
    site_.allowed_origins = origins(config_, port());
    site_.is_started = true;
}

front::Readiness Server::readiness() const {
    front::Readiness readiness;
    if (!site_.is_started) readiness.waiting_for.emplace_back("stores and indexes");
    for (std::string& what : models_.waiting_for())
        readiness.waiting_for.push_back(std::move(what));
    readiness.is_ready = readiness.waiting_for.empty();
    return readiness;
}

std::string Server::admin_link() const {
    return "http://" + config_.admin.address + ":" + std::to_string(admin_port()) +
           "/admin/login?token=" +
           std::string(admins_->make_link_token(base::Clock::now()).reveal());
}

void Server::publish_gauges() {
    int64_t http = 0;
    int64_t sockets = 0;
    int64_t good = 0;
    int64_t bad = 0;
    for (const auto& server : public_servers_) {
        http += server->stats().connections;
        sockets += server->stats().websockets;
        good += server->stats().requests_total;
        bad += server->stats().bad_requests_total;
    }
    connections_.at({"http"}).set(http);
    connections_.at({"websocket"}).set(sockets);
    requests_.at({"ok"}).set(good);
    requests_.at({"refused"}).set(bad);
    int64_t awake_early = 0;
    for (uint32_t i = 0; i < shards_.size(); ++i) {
        awake_early += shards_.at(i).lookout().spent_us();
    }
    awake_early_.at().set(awake_early);
    running_.at().set(turns_ ? static_cast<int64_t>(turns_->running()) : 0);
    for (const auto& entry : models_.router().models()) {
        model_ready_.at({entry->name}).set(entry->model->is_ready() ? 1 : 0);
    }
}

/// Runs a task on every shard at once and waits for all of them.
template <class Work>
void Server::on_every_shard(Work work) {
    std::latch done(shards_.size());
    for (uint32_t i = 0; i < shards_.size(); ++i) {
        runtime::Shard& shard = shards_.at(i);
        shard.post([&, i] {
            runtime::spawn_detached(shard.executor(), [&, i]() -> Task<void> {
                co_await work(i);
                done.count_down();
            });
        });
    }
    done.wait();
}

void Server::stop() {
    if (!std::exchange(is_running_, false)) return;
    site_.is_draining = true;
    if (turns_) turns_->begin_drain();
    on_every_shard([this](uint32_t i) -> Task<void> {
        if (i < public_servers_.size()) public_servers_[i]->begin_drain();
        co_return;
    });
    const auto busy = [this] {
        int64_t count = turns_ ? static_cast<int64_t>(turns_->running()) : 0;
        for (const auto& server : public_servers_) count += server->stats().handlers;
        return count > 0;
    };
    const Deadline deadline = Deadline::after(milliseconds(config_.limits.drain_time_ms));
    on_every_shard([&](uint32_t i) -> Task<void> {
        while (i == 0 && busy() && !deadline.has_passed()) {
            co_await runtime::sleep_until(Deadline::after(milliseconds(20)));
        }
    });
    on_every_shard([this](uint32_t i) -> Task<void> {
        if (turns_) co_await turns_->close_shard();
        if (i < public_servers_.size()) co_await public_servers_[i]->close();
        if (i == 0 && admin_server_) co_await admin_server_->close();
    });
    models_.stop();
    shards_.stop_and_join();
}

}  // namespace hayate::cli
