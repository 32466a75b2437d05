#pragma once
// The serving process: builds every part, starts it in an order that answers health checks first,
// and takes it down in the opposite one. The only place that knows all concrete types.

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/cli/data_lock.hpp"
#include "app/cli/ledger_keeper.hpp"
#include "app/cli/models.hpp"
#include "app/cli/release_maker.hpp"
#include "app/front/site.hpp"
#include "core/base/result.hpp"
#include "core/config/assistant_config.hpp"
#include "core/config/engine_config.hpp"
#include "io/model/embedder/use_embedder.hpp"
#include "io/store/sqlite/stores.hpp"

namespace hayate::cli {

class Server {
  public:
    /// `assistant` is absent for plain gateway use.
    Server(config::EngineConfig config, std::optional<config::AssistantConfig> assistant);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens, so that /healthz answers, then opens stores and indexes. Returns when requests are
    /// served; a local model may still be loading.
    Status start();
    /// Stops taking new work, lets what runs finish within the drain time, then ends everything.
    void stop();

    [[nodiscard]] uint16_t port() const { return public_servers_.front()->port(); }
    [[nodiscard]] uint16_t admin_port() const { return admin_server_->port(); }
    /// Good for one sign-in as operator.
    [[nodiscard]] std::string admin_link() const;
    [[nodiscard]] front::Readiness readiness() const;
    /// Reads the assistant's folder again; what is wrong is logged, and the running release stays.
    void reload();

  private:
    Status listen();
    void rehearse();
    Status open_stores();
    Status make_identities();
    Status import_first_data();
    [[nodiscard]] std::optional<model::VectorFile> vector_file() const;
    [[nodiscard]] Status make_turns();
    [[nodiscard]] Status restore_lessons();
    [[nodiscard]] Result<std::vector<understand::EntityName>> read_names(
        const config::AssistantConfig& assistant) const;
    void publish_gauges();
    void finish_start();
    template <class Work>
    void on_every_shard(Work work);

    config::EngineConfig config_;
    std::optional<config::AssistantConfig> assistant_;
    observe::Metrics metrics_;
    model::ModelMeter meter_;
    route::Ledger ledger_;
    observe::TurnTraces traces_;
    runtime::Shards shards_;
    stream::StreamHub hub_;
    Models models_;
    std::shared_ptr<model::UseEmbedder> embedder_;
    std::unique_ptr<runtime::BlockingPool> embedding_pool_;
    std::unique_ptr<gather::Embedding> embedding_;
    DataLock data_lock_;
    std::unique_ptr<store::SqliteStores> stores_;
    std::shared_ptr<front::AdminSessions> admins_ = std::make_shared<front::AdminSessions>();
    std::vector<std::unique_ptr<front::Identity>> identities_;
    std::unique_ptr<LedgerKeeper> ledger_keeper_;
    std::unique_ptr<ReleaseMaker> release_maker_;  // null: gateway only
    std::unique_ptr<runtime::BlockingPool> reload_pool_;
    std::unique_ptr<turn::Feedback> feedback_;
    std::unique_ptr<turn::Turns> turns_;
    front::Site site_;
    std::vector<std::unique_ptr<net::HttpServer>> public_servers_;  // one per shard
    std::unique_ptr<net::HttpServer> admin_server_;                 // on shard 0
    observe::Family& connections_;
    observe::Family& requests_;
    observe::Family& model_ready_;
    observe::Family& awake_early_;
    observe::Family& running_;
    bool is_running_ = false;
};

}  // namespace hayate::cli
