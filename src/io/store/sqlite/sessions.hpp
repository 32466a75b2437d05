#pragma once
// SessionStore on SQLite. A session belongs to the owner who began it; to everybody else it does
// not exist.

#include <memory>

#include "io/store/sqlite/database.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

class SqliteSessionStore final : public SessionStore {
  public:
    explicit SqliteSessionStore(std::shared_ptr<Database> database)
        : database_(std::move(database)) {}

    Task<Result<Begun>> begin_turn(NewTurn turn, Wait wait) override;
    Task<Status> end_turn(Turn turn, Wait wait) override;
    Task<Result<std::vector<Turn>>> history(Owner owner, std::string session, int count,
                                            Wait wait) override;
    Task<Result<std::vector<SessionSummary>>> list(Owner owner, int count, Wait wait) override;
    Task<Result<std::vector<Turn>>> turns(Owner owner, std::string session, Wait wait) override;
    Task<Status> remove(Owner owner, std::string session, Wait wait) override;
    Task<Result<int64_t>> recover(Wait wait) override;

  private:
    std::shared_ptr<Database> database_;
};

}  // namespace hayate::store
