import BulkheadCommand

runBulkheadCommand()
