#pragma once
// CaseStore on SQLite.

#include <memory>

#include "io/store/sqlite/database.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

class SqliteCaseStore final : public CaseStore {
  public:
    explicit SqliteCaseStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}
    Task<Result<Case>> open(NewCase opened, Wait wait) override;
    Task<Result<std::vector<Case>>> list(CaseFilter filter, int count,
                                         std::optional<int64_t> before, Wait wait) override;
    Task<Result<Case>> close(std::string id, Wait wait) override;

  private:
    std::shared_ptr<Database> database_;
};

}  // namespace hayate::store
