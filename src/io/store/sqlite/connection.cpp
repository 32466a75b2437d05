#include "io/store/sqlite/connection.hpp"

#include <unistd.h>

namespace hayate::store {
namespace {

constexpr int kApplicationId = 0x48415941;  // "HAYA": says that a file is ours

ErrorKind kind_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_CONSTRAINT:
            return ErrorKind::kConflict;
        // The disk is full or broken, the file is locked, gone, damaged or not a database: it may
        // heal, and none of it is the caller's fault.
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_PROTOCOL:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return ErrorKind::kUnavailable;
        default:
            return ErrorKind::kInternal;
    }
}

std::string_view hint_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_FULL:
            return " (no space left)";
        case SQLITE_CORRUPT:
            return " (the file is damaged: restore it from a backup)";
        case SQLITE_NOTADB:
            return " (the file is not a database)";
        default:
            return "";
    }
}

tl::unexpected<Error> not_ours(const std::string& path) {
    return fail(ErrorKind::kUnavailable, "store",
                path + " is a database of another program; give Hayate a file of its own");
}

}  // namespace

Error sqlite_error(sqlite3* database, int code, std::string_view doing) {
    const char* text = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    return base::private_error(kind_of(code), "store",
                               std::string(doing) + ": " + text + std::string(hint_of(code)) +
                                   " [sqlite " + std::to_string(code) + "]");
}

Rows::Rows(sqlite3* database, sqlite3_stmt* statement, Status status)
    : database_(database), statement_(statement), status_(std::move(status)) {}

Rows::Rows(Rows&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      status_(std::move(other.status_)) {}

Rows::~Rows() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

Error Rows::error() const {
    return status_ ? base::private_error(ErrorKind::kInternal, "store", "a row is missing")
                   : status_.error();
}

void Rows::note(int code) {
    if (code != SQLITE_OK && status_) {
        status_ = fail(sqlite_error(database_, code, sqlite3_sql(statement_)));
    }
}

bool Rows::next() {
    if (!status_) return false;
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) note(code);
    return false;
}

std::string_view Rows::view(int column) const {
    // SQLite asks for this order: the size is that of the last conversion.
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string_view{}
                            : std::string_view{static_cast<const char*>(bytes), size};
}

int64_t Rows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Rows::real(int column) const { return sqlite3_column_double(statement_, column); }

std::optional<int64_t> Rows::optional_integer(int column) const {
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
    return integer(column);
}

void Rows::bind(int index, int64_t value) {
    if (status_) note(sqlite3_bind_int64(statement_, index, value));
}

void Rows::bind(int index, double value) {
    if (status_) note(sqlite3_bind_double(statement_, index, value));
}

void Rows::bind(int index, std::string_view value) {
    // A null pointer would bind NULL; an empty text is a text.
    const char* bytes = value.data() == nullptr ? "" : value.data();
    if (status_) {
        note(sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_TRANSIENT,
                                 SQLITE_UTF8));
    }
}

void Rows::bind(int index, Blob value) {
    if (status_) {
        note(sqlite3_bind_blob64(statement_, index, value.bytes.data(), value.bytes.size(),
                                 SQLITE_TRANSIENT));
    }
}

void Rows::bind(int index, Pointer value) {
    // SQLite hands it back as it is, to the function that knows its type.
    void* to = const_cast<void*>(value.to);
    if (status_) note(sqlite3_bind_pointer(statement_, index, to, value.type, nullptr));
}

void Rows::bind(int index, std::nullopt_t) {
    if (status_) note(sqlite3_bind_null(statement_, index));
}

Result<std::unique_ptr<Connection>> Connection::open(const Options& options) {
    sqlite3* database = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (options.is_reader ? 0 : SQLITE_OPEN_CREATE);
    const int code = sqlite3_open_v2(options.path.c_str(), &database, flags, nullptr);
    // Takes ownership before anything can fail: SQLite gives a handle even with an error.
    std::unique_ptr<Connection> connection(new Connection(database));
    if (code != SQLITE_OK) return fail(sqlite_error(database, code, "open " + options.path));
    if (Status configured = connection->configure(options); !configured) {
        return fail(configured.error());
    }
    return connection;
}

Connection::~Connection() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(database_);
}

/// Also the first real read: a file that is no database, or somebody else's, is found here.
Result<bool> Connection::is_empty(const std::string& path) {
    Rows rows = query(
        "SELECT (SELECT count(*) FROM sqlite_schema), application_id "
        "FROM pragma_application_id");
    if (!rows.next()) {
        Error error = rows.error();
        error.internal = path + ": " + error.internal;
        return fail(std::move(error));
    }
    const bool is_blank = rows.integer(0) == 0 && rows.integer(1) == 0;
    if (rows.integer(1) != kApplicationId && !is_blank) return not_ours(path);
    return is_blank;
}

void Connection::limit_pages(int64_t pages_max) {
    // A pragma takes no bound value. The limit is a number from the configuration.
    const std::string pragma = "PRAGMA max_page_count=" + std::to_string(pages_max);
    (void)sqlite3_exec(database_, pragma.c_str(), nullptr, nullptr, nullptr);
}

Status Connection::configure(const Options& options) {
    sqlite3_busy_timeout(database_, options.busy_timeout_ms);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    const Result<bool> is_blank = is_empty(options.path);
    if (!is_blank) return fail(is_blank.error());
    const auto note_wal_pages = [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Connection*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(database_, note_wal_pages, this);
    if (options.pages_max > 0) limit_pages(options.pages_max);
    constexpr Sql kCommon =
        "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
        "PRAGMA trusted_schema=OFF";
    Status status = script(kCommon);
    if (status && options.is_reader) return script("PRAGMA query_only=ON");
    if (status && *is_blank) status = script("PRAGMA application_id=0x48415941");
    // journal_size_limit: what a burst of writes leaves behind in the log file is given back.
    if (status) status = script("PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=16777216");
    if (!status) return status;
    return options.is_power_loss_safe ? script("PRAGMA synchronous=FULL")
                                      : script("PRAGMA synchronous=NORMAL");
}

Rows Connection::start(Sql sql) {
    sqlite3_stmt*& statement = statements_[sql.text];
    if (statement == nullptr) {
        const int code = sqlite3_prepare_v3(database_, sql.text, -1, SQLITE_PREPARE_PERSISTENT,
                                            &statement, nullptr);
        if (code != SQLITE_OK)
            return {database_, nullptr, fail(sqlite_error(database_, code, sql.text))};
    }
    return {database_, statement, {}};
}

Status Connection::script(Sql sql) {
    const int code = sqlite3_exec(database_, sql.text, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(sqlite_error(database_, code, sql.text));
    return {};
}

void Connection::checkpoint() {
    int pages = 0;
    (void)sqlite3_wal_checkpoint_v2(database_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, nullptr);
    wal_pages_ = 0;
}

}  // namespace hayate::store
