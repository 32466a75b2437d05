#pragma once
// OutcomeStore on SQLite: the latest outcomes, in their table.

#include <memory>
#include <vector>

#include "io/store/sqlite/database.hpp"
#include "io/store/stores.hpp"

namespace hayate::store {

class SqliteOutcomeStore final : public OutcomeStore {
  public:
    /// So many are kept, some 20 MB; the oldest goes when a new one comes.
    static constexpr int64_t kKept = 100'000;

    explicit SqliteOutcomeStore(std::shared_ptr<Database> database, int64_t kept = kKept)
        : database_(std::move(database)), kept_(kept) {}
    void add(Outcome outcome) override;
    Task<Result<Thumbed>> set_thumb(Owner owner, std::string response_id, Thumb thumb,
                                    Wait wait) override;
    Task<Result<std::vector<Outcome>>> latest(OutcomeFilter filter, int count,
                                              std::optional<int64_t> before, Wait wait) override;
    Task<Result<std::vector<Outcome>>> since(OutcomeFilter filter, int count, int64_t after,
                                             Wait wait) override;

  private:
    std::shared_ptr<Database> database_;
    int64_t kept_;
};

/// What all outcomes teach, in any order: half a second for as many as are kept. Not for shards.
[[nodiscard]] Result<std::vector<Lesson>> load_lessons(Database& database);

}  // namespace hayate::store
