#pragma once
// KeyStore on SQLite. Keys are kept as hashes: a stolen file opens no API.

#include <memory>

#include "io/store/sqlite/database.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

class SqliteKeyStore final : public KeyStore {
  public:
    explicit SqliteKeyStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}
    Task<Status> add(ApiKey key, std::string hash, Wait wait) override;
    Task<Result<std::optional<ApiKey>>> find(std::string hash, Wait wait) override;
    Task<Result<std::vector<ApiKey>>> list(Wait wait) override;
    Task<Status> revoke(std::string id, Wait wait) override;

  private:
    std::shared_ptr<Database> database_;
};

}  // namespace hayate::store
