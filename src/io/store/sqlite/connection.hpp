#pragma once
// Connection: one SQLite connection with its prepared statements. SQL is always a literal (`Sql`
// can be made from nothing else), values are always bound, so no input ever becomes SQL.
//
// One thread at a time. Statements live as long as their Connection.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <sqlite3.h>

#include "core/base/result.hpp"

namespace hayate::store {

/// SQL text that is known at compile time.
struct Sql {
    // NOLINTNEXTLINE(google-explicit-constructor): literals are meant to convert.
    consteval Sql(const char* literal) : text(literal) {}
    const char* text;
};

/// Bytes to bind as a BLOB.
struct Blob {
    std::string_view bytes;
};

/// A pointer to bind, for functions of our own (https://sqlite.org/bindptr.html).
struct Pointer {
    const void* to;    // must outlive the query
    const char* type;  // a literal
};

/// The rows of one running query. Resets its statement when it dies. Errors stick: loop while
/// `next()`, then ask `status()` once.
class Rows {
  public:
    Rows(sqlite3* database, sqlite3_stmt* statement, Status status);
    Rows(Rows&& other) noexcept;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    ~Rows();

    [[nodiscard]] bool next();
    [[nodiscard]] const Status& status() const { return status_; }
    /// What went wrong; that a row was missing when nothing else did.
    [[nodiscard]] Error error() const;

    [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
    /// Valid until the next call of `next`.
    [[nodiscard]] std::string_view view(int column) const;
    [[nodiscard]] int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::optional<int64_t> optional_integer(int column) const;

    void bind(int index, int64_t value);
    void bind(int index, int value) { bind(index, static_cast<int64_t>(value)); }
    void bind(int index, double value);
    void bind(int index, std::string_view value);
    void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
    void bind(int index, const char* value) { bind(index, std::string_view(value)); }
    void bind(int index, Blob value);
    void bind(int index, Pointer value);
    void bind(int index, std::nullopt_t value);
    template <class T>
    void bind(int index, const std::optional<T>& value) {
        value ? bind(index, *value) : bind(index, std::nullopt);
    }

  private:
    void note(int code);
    sqlite3* database_;
    sqlite3_stmt* statement_;
    Status status_;
};

class Connection {
  public:
    struct Options {
        std::string path;
        bool is_reader = false;
        bool is_power_loss_safe = false;  // synchronous=FULL instead of NORMAL
        int busy_timeout_ms = 5000;  // for another process that writes, such as `hayate import`
        int64_t pages_max = 0;       // 0: as many as the disk holds
    };
    /// kUnavailable when the file cannot be opened, is damaged, or is not ours.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const Options& options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// A query with its values bound to ?1, ?2 ...; they are copied.
    template <class... Values>
    [[nodiscard]] Rows query(Sql sql, const Values&... values) {
        Rows rows = start(sql);
        int index = 0;
        (rows.bind(++index, values), ...);
        return rows;
    }
    /// Runs a statement that gives no rows and returns how many rows it changed.
    template <class... Values>
    Result<int64_t> run(Sql sql, const Values&... values) {
        Rows rows = query(sql, values...);
        while (rows.next()) {
        }
        if (!rows.status()) return fail(rows.error());
        return sqlite3_changes64(database_);
    }
    /// Several statements without values, for the schema and pragmas.
    [[nodiscard]] Status script(Sql sql);

    /// False while a transaction is open. SQLite ends one by itself after some errors, a full disk
    /// among them.
    [[nodiscard]] bool is_autocommit() const { return sqlite3_get_autocommit(database_) != 0; }
    /// Pages in the write-ahead log after the last commit of this connection.
    [[nodiscard]] int wal_pages() const { return wal_pages_; }
    /// Moves the write-ahead log into the file without waiting for readers. Failure is harmless: it
    /// is tried again.
    void checkpoint();
    [[nodiscard]] sqlite3* handle() const { return database_; }

  private:
    explicit Connection(sqlite3* database) : database_(database) {}
    [[nodiscard]] Rows start(Sql sql);
    [[nodiscard]] Status configure(const Options& options);
    [[nodiscard]] Result<bool> is_empty(const std::string& path);
    void limit_pages(int64_t pages_max);

    sqlite3* database_;
    int wal_pages_ = 0;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;  // keyed by the literal itself
};

/// How an SQLite result code looks to the rest of the system.
[[nodiscard]] Error sqlite_error(sqlite3* database, int code, std::string_view doing);

}  // namespace hayate::store
